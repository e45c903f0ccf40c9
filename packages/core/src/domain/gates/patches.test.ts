import { describe, expect, it } from 'vitest';
import type { GateEvent } from './events.ts';
import { applyGateEvent } from './fold.ts';
import { nextGateStep } from './next.ts';
import { batchesOf, gateRefusal } from './rules.ts';
import { emptyGates, type GateState } from './state.ts';

const at = '2026-01-01T00:00:00.000Z';
const tree = (digit: string) => digit.repeat(40);
const hash = (digit: string) => digit.repeat(64);
type Untimed<E> = E extends GateEvent ? Omit<E, 'at'> : never;

const submitted = (id: string, more: object = {}): Untimed<GateEvent> => ({
  ...{
    event: 'change_submitted',
    actor: 'runtime',
    change_id: id,
    attempt: 1,
    title: id,
    description: id,
    author_id: 'ada',
    excerpt: '',
  },
  ...{ ballot_id: `vote_${id}`, project: 'invoice', tree: tree('1'), entries_sha256: hash('1'), ...more },
});
const unit = (id: string, at_tree = tree('1')): Untimed<GateEvent> => ({
  ...{ event: 'result_recorded', actor: 'runtime', change_id: id, test_type: 'unit', passed: true, details: 'ran' },
  ...{ integration_task_id: `int_${id}`, tree: at_tree },
});
const moved = (id: string, more: object = {}): Untimed<GateEvent> => ({
  ...{
    event: 'change_moved',
    actor: 'runtime',
    change_id: id,
    tree: tree('2'),
    entries_sha256: hash('1'),
    tested: false,
    ...more,
  },
});

function play(...events: readonly Untimed<GateEvent>[]): GateState {
  const state = emptyGates();
  for (const event of events) say(state, event);
  return state;
}
function say(state: GateState, event: Untimed<GateEvent>): void {
  const timed = { ...event, at } as GateEvent;
  expect(gateRefusal(state, timed)).toBeUndefined();
  applyGateEvent(state, timed);
}
const change = (state: GateState, id: string) => state.changes.get(id) ?? expect.fail(`no ${id}`);
const step = (state: GateState, id: string) => nextGateStep(state, change(state, id));
const integrated = (id: string): readonly Untimed<GateEvent>[] => [
  { event: 'batch_created', actor: 'runtime', batch_id: `batch_${id}`, task_ids: [`int_${id}`] },
  { event: 'batch_recorded', actor: 'runtime', batch_id: `batch_${id}`, passed: true, details: 'fine', failed: {} },
];

describe('a change to a project', () => {
  it.each([
    [['vote', 'qa', 'unit', 'integration', 'e2e'], 'pending_vote', 'needs_e2e'],
    [['qa', 'unit', 'integration', 'e2e'], 'needs_qa', undefined],
    [['unit', 'integration', 'e2e'], 'qa_in_progress', 'needs_e2e'],
    [['unit', 'integration'], 'qa_in_progress', 'ready_for_merge'],
  ])('with the gates %s begins at %s', (stages, first, afterIntegration) => {
    const state = play(submitted('a', { stages }));
    expect(change(state, 'a').status).toBe(first);
    if (stages.includes('vote') || stages.includes('qa') || afterIntegration === undefined) return;
    expect(step(state, 'a')).toEqual({ kind: 'run', gate: 'unit' });
    for (const event of [unit('a'), ...integrated('a')]) say(state, event);
    expect(change(state, 'a').status).toBe(afterIntegration);
  });

  it('takes no result of a tree that it is not any more', () => {
    const state = play(submitted('a', { stages: ['unit', 'integration'] }), moved('a'));
    expect(gateRefusal(state, { ...unit('a'), at } as GateEvent)).toContain('another tree');
    say(state, unit('a', tree('2')));
    expect(change(state, 'a').status).toBe('needs_integration');
  });

  it('is tested anew when the branch went on, and voted on anew only with another code', () => {
    const state = play(submitted('a', { stages: ['vote', 'unit', 'integration'] }));
    say(state, { event: 'vote_cast', actor: 'human', ballot_id: 'vote_a', vote: 'approved', reason: 'it is right' });
    for (const event of [
      { event: 'ballot_closed', actor: 'runtime', ballot_id: 'vote_a' } as const,
      unit('a'),
      ...integrated('a'),
    ])
      say(state, event);
    expect(step(state, 'a')).toEqual({ kind: 'ready' });
    say(state, moved('a'));
    expect(step(state, 'a')).toEqual({ kind: 'run', gate: 'unit' });
    say(state, moved('a', { entries_sha256: hash('3'), tree: tree('3'), ballot_id: 'vote_a2' }));
    expect(step(state, 'a')).toMatchObject({ kind: 'vote', ballot_id: 'vote_a2' });
  });

  it('that its batch tested as exactly that tree keeps what was tested', () => {
    const state = play(submitted('a', { stages: ['unit', 'integration'] }), unit('a'), ...integrated('a'));
    say(state, moved('a', { tested: true }));
    expect(step(state, 'a')).toEqual({ kind: 'ready' });
    expect(change(state, 'a').tree).toBe(tree('2'));
  });

  it('waits in batches of its own project, alone where the project says so', () => {
    const plain = { project: undefined, tree: undefined, stages: ['unit', 'integration'] };
    const two = { project: 'other', stages: ['unit', 'integration'] };
    const ids = { a: { stages: ['unit', 'integration'] }, b: plain, c: two, d: { stages: ['unit', 'integration'] }, e: two };
    const state = play(...Object.entries(ids).map(([id, more]) => submitted(id, more)));
    for (const id of Object.keys(ids)) say(state, unit(id));
    expect(batchesOf(state)).toEqual([['int_a', 'int_d'], ['int_b'], ['int_c', 'int_e']]);
    expect(batchesOf(state, 5, new Set(['other']))).toEqual([['int_a', 'int_d'], ['int_b'], ['int_c'], ['int_e']]);
    const mixed: GateEvent = { event: 'batch_created', actor: 'runtime', batch_id: 'x', task_ids: ['int_a', 'int_c'], at };
    expect(gateRefusal(state, mixed)).toBe('a batch is of one project');
  });
});
