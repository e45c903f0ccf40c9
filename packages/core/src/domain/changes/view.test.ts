import { describe, expect, it } from 'vitest';
import type { NewChangeEvent } from '../../stores/changes/change-store.ts';
import { aChangedFile, aChangesLife, oid, sha } from '../../testing/changes.ts';
import type { Change, ChangeStatus } from '../gates/state.ts';
import type { ChangeEvent } from './events.ts';
import { applyChangeLine } from './fold.ts';
import { type ChangeRecord, emptyChanges } from './state.ts';
import { storyOf } from './story.ts';
import { changeLine, shownChange, shownFiles, stateOf } from './view.ts';

const at = '2026-01-01T00:00:00.000Z';
const id = 'chg_0000000001';
const a = aChangesLife(id);
const timed = (event: NewChangeEvent) => ({ ...event, at }) as ChangeEvent;

function made(...events: NewChangeEvent[]): ChangeRecord {
  const state = emptyChanges();
  for (const event of [a.seen(), a.opened(), ...events]) expect(applyChangeLine(state, timed(event)), event.event).toBeDefined();
  return state.changes.get(id) ?? expect.fail('no change');
}
const gates = (status: ChangeStatus, more: Partial<Change> = {}) =>
  ({
    attempt: 1,
    status,
    gates: {},
    submissions: {},
    stages: ['vote', 'qa', 'unit', 'integration', 'e2e'],
    reasons: [],
    ...more,
  }) as unknown as Change;

describe('where a change stands', () => {
  const handed = made(a.handedIn());
  it.each([
    ['pending_vote', {}, 'voting'],
    ['needs_qa', {}, 'qa'],
    ['qa_in_progress', {}, 'qa'],
    ['qa_in_progress', { submissions: { unit: 'test_1' } }, 'unit'],
    ['qa_in_progress', { stages: ['unit', 'integration'] }, 'unit'],
    ['needs_integration', {}, 'integration'],
    ['needs_e2e', {}, 'e2e'],
    ['ready_for_merge', {}, 'ready_for_merge'],
    ['rejected', {}, 'rejected'],
    ['blocked', {}, 'rejected'],
    ['needs_integration', { gates: { unit: 'passed', integration: 'failed', e2e: 'pending' } }, 'rejected'],
    ['needs_e2e', { attempt: 2 }, 'handed_in'],
  ] as const)('at the gate %s with %j is %s', (status, more, state) =>
    expect(stateOf(handed, gates(status, more as Partial<Change>))).toBe(state),
  );

  it('is what its own log says where that decides', () => {
    const all = gates('needs_e2e');
    expect(stateOf(made(), all)).toBe('working');
    expect(stateOf(made(a.handedIn(), a.behind()), all)).toBe('behind');
    const landing = [a.handedIn(), a.approved(), a.checkpoint(), a.landing()];
    expect(stateOf(made(...landing), all)).toBe('landing');
    expect(stateOf(made(...landing, a.landed()), all)).toBe('landed');
    expect(stateOf(made(a.ended('abandoned')), all)).toBe('abandoned');
  });
});

it('shows one deleted and one added file with the same bytes as one that was renamed, each once', () => {
  const files = [
    aChangedFile('a.js', { before: 'same' }, { tier: 'B' }),
    aChangedFile('b.js', { before: 'same' }),
    aChangedFile('new/a.js', { after: 'same' }),
    aChangedFile('new/c.js', { after: 'other' }),
    aChangedFile('d.js', { before: 'x', after: 'same' }),
  ];
  expect(shownFiles(files)).toEqual([
    { path: 'b.js', change: 'deleted', tier: 'C', added: 1, removed: 1 },
    { path: 'd.js', change: 'modified', tier: 'C', added: 1, removed: 1 },
    { path: 'new/a.js', from: 'a.js', change: 'renamed', tier: 'B', added: 0, removed: 0 },
    { path: 'new/c.js', change: 'added', tier: 'C', added: 1, removed: 0 },
  ]);
});

describe('a change as it is shown', () => {
  const landed = [a.handedIn(), a.checked(), a.approved(), a.checkpoint(), a.landing(), a.landed()];
  it('has the fields of the reference, and no others', () => {
    expect(shownChange(made(...landed), { at })).toEqual({
      ...{ change_id: id, task_id: 'mend', attempt: 1, project: 'invoice', state: 'landed', title: 'Mend the sum', kind: 'fix' },
      ...{ author: 'ada', tier: 'C', base_commit: oid('c0'), base_tree: oid('t0'), tree: oid('t1'), entries_sha256: sha('e1') },
      files: [{ path: 'src/sum.js', change: 'modified', tier: 'C', added: 1, removed: 1 }],
      checks: [{ rule: 'tests.kept', suite: 'unit', tree: oid('t1'), passed: true, decisive: false, detail: '3 of 3' }],
      approval: { approval_id: 'apr_1', at, expires_at: '2026-01-07T00:00:00.000Z', tree: oid('t1'), entries_sha256: sha('e1') },
      landing: { commit: oid('c1'), at },
      reasons: [],
    });
  });

  it('has no approval that expired or became void, and says why', () => {
    const late = { at: '2026-01-08T00:00:00.000Z' };
    const approved = made(a.handedIn(), a.approved());
    expect(shownChange(approved, late)).toMatchObject({ reasons: [expect.stringContaining('the approval expired at')] });
    expect(shownChange(approved, late)).not.toHaveProperty('approval');
    expect([changeLine(approved, { at }).approved, changeLine(approved, late).approved]).toEqual([true, false]);
    const withdrawn = shownChange(made(a.handedIn(), a.approved(), a.withdrawn()), {
      at,
      gates: gates('rejected', { reasons: ['no'] }),
    });
    expect(withdrawn.reasons).toEqual(['the approval holds no longer: withdrawn', 'no']);
    expect(shownChange(made(...landed), late)).toHaveProperty('approval');
  });
});

it('tells every transition of a change from its part of the log alone', () => {
  const b = aChangesLife('chg_0000000002', 'other');
  const events = [
    a.seen(),
    a.opened(),
    a.saved(1),
    a.handedIn(),
    a.checked('tests.kept', false),
    b.opened(),
    a.approved(),
    a.testsAdded(),
  ];
  const later = [
    ...[
      a.behind(),
      a.moved('c0', 'e2'),
      { ...a.approved('apr_2'), entries_sha256: sha('e2'), tree: oid('mc0'), base_tree: oid('tc0') },
      a.checkpoint(),
    ],
    ...[
      a.landing('land_1', { approval_id: 'apr_2', to_tree: oid('mc0') }),
      a.taken(),
      a.landed('land_1', { by: 'w2', epoch: 2 }),
    ],
  ];
  const state = emptyChanges();
  for (const event of [...events, ...later]) expect(applyChangeLine(state, timed(event)), event.event).toBeDefined();
  expect(storyOf(id, [...events, ...later].map(timed)).map(({ text }) => text)).toEqual([
    'attempt 1 of mend begins on invoice at 6330000000000000, by ada with built-in',
    'step 1 is saved: tree 7331000000000000',
    'it is handed in, 1 files, tier C: entries 6531000000000000, tree 7431000000000000',
    'tests.kept (unit) FAILS on tree 7431000000000000: 3 of 3',
    'the person approves entries 6531000000000000 (apr_1, same_files) until 2026-01-07T00:00:00.000Z',
    'ben brings tests: entries 6532000000000000, tree 7432000000000000; its yes holds no longer',
    'it is behind: chg_0000000002 landed',
    'it is merged onto 6330000000000000, its entries stay: entries 6532000000000000, tree 6d63300000000000',
    'the person approves entries 6532000000000000 (apr_2, same_files) until 2026-01-07T00:00:00.000Z',
    'w1 lands it with apr_2: 6330000000000000 becomes 6331000000000000',
    'w2 takes the landing over (epoch 2)',
    'it has landed',
  ]);
});
