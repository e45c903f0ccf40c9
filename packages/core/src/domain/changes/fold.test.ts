import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NewChangeEvent } from '../../stores/changes/change-store.ts';
import { aChangesLife, oid } from '../../testing/changes.ts';
import type { ChangeEvent, ChangeLine } from './events.ts';
import { applyChangeLine, changesRefusal } from './fold.ts';
import { type ChangesState, emptyChanges } from './state.ts';

const at = '2026-01-01T00:00:00.000Z';
const timed = (event: NewChangeEvent, when = at): ChangeEvent => ({ ...event, at: when }) as ChangeEvent;
const id = 'chg_0000000001';
const a = aChangesLife(id);
const second = aChangesLife('chg_0000000009', 'mend', 2);

function play(events: readonly NewChangeEvent[], state = emptyChanges()): ChangesState {
  for (const event of events) {
    expect(changesRefusal(state, [timed(event)]), JSON.stringify(event)).toBeUndefined();
    fold([event], state);
  }
  return state;
}
function fold(events: readonly NewChangeEvent[], state = emptyChanges()): ChangesState {
  for (const event of events) applyChangeLine(state, timed(event));
  return state;
}

const opened = [a.seen(), a.opened()];
const handed = [...opened, a.saved(1), a.handedIn()];
const approved = [...handed, a.approved(), a.checkpoint()];
const landing = [...approved, a.landing()];
const paths = ['src/sum.js'];
const STATES = {
  nothing: [],
  seen: [a.seen()],
  working: opened,
  saved: [...opened, a.saved(1)],
  handed,
  behind: [...handed, a.behind()],
  approved,
  withdrawn: [...approved, a.withdrawn()],
  landing,
  held: [...landing, a.landed('land_1', { ok: false, held: 'your_edits', because: 'your edits', paths })],
  landed: [...landing, a.landed()],
  rejected: [...handed, a.ended()],
  again: [...handed, second.opened()],
} as const satisfies Record<string, readonly NewChangeEvent[]>;

const EVENTS = {
  seen: a.seen('c7', 'p7'),
  opened: a.opened(),
  next: second.opened(),
  saved: a.saved(2),
  stale: a.saved(1),
  handed: a.handedIn(),
  tests: a.testsAdded(),
  own_tests: { ...a.testsAdded(), by: 'ada' },
  other_code: { ...a.testsAdded(), code_sha256: 'f'.repeat(64) },
  moved: a.moved(),
  check: a.checked(),
  behind: a.behind(),
  ended: a.ended(),
  approved: a.approved('apr_2'),
  resident: { ...a.approved('apr_2'), actor: 'ada' },
  withdrawn: a.withdrawn(),
  landing: a.landing('land_2'),
  taken: a.taken(),
  zombie: a.landed('land_1', { by: 'w0', epoch: 0 }),
  landed: a.landed(),
  retried: a.retried(),
} as const satisfies Record<string, NewChangeEvent>;

/** Which states each event fits; in every other it stands in the log and does not count. */
const FITS: Record<keyof typeof EVENTS, readonly (keyof typeof STATES)[]> = {
  seen: Object.keys(STATES) as (keyof typeof STATES)[],
  opened: ['nothing', 'seen'],
  next: ['nothing', 'seen', 'working', 'saved', 'handed', 'behind', 'approved', 'withdrawn', 'held', 'landed', 'rejected'],
  saved: ['working', 'saved'],
  stale: ['working'],
  handed: ['working', 'saved'],
  tests: ['handed', 'behind', 'approved', 'withdrawn', 'held'],
  own_tests: [],
  other_code: [],
  moved: ['handed', 'behind', 'approved', 'withdrawn', 'held'],
  check: ['working', 'saved', 'handed', 'behind', 'approved', 'withdrawn', 'landing', 'held'],
  behind: ['handed', 'behind', 'approved', 'withdrawn', 'held'],
  ended: ['working', 'saved', 'handed', 'behind', 'approved', 'withdrawn', 'held'],
  approved: ['handed', 'behind', 'withdrawn'],
  resident: [],
  withdrawn: ['approved', 'held'],
  landing: ['approved', 'held'],
  taken: ['landing'],
  zombie: [],
  landed: ['landing'],
  retried: ['held'],
};

describe('every event at every state', () => {
  const all = Object.keys(EVENTS) as (keyof typeof EVENTS)[];
  it.each(all)('%s counts exactly where it fits, and else leaves everything as it was', (name) => {
    const fits = (Object.keys(STATES) as (keyof typeof STATES)[]).filter((where) => {
      const state = play(STATES[where]);
      const before = structuredClone(state);
      const counts = applyChangeLine(state, timed(EVENTS[name])) !== undefined;
      if (!counts) expect(state, where).toEqual(before);
      return counts;
    });
    expect(fits).toEqual(FITS[name]);
  });
});

describe('a yes', () => {
  const voids: [string, readonly NewChangeEvent[], string | undefined][] = [
    ['tests that were added', [a.testsAdded()], 'tests were added'],
    ['a base on which the files come out differently', [a.moved('c1', 'e2')], 'come out differently'],
    ['a change of the policy', [a.seen('c0', 'p1')], 'config/projects.json'],
    ['a withdrawal', [a.withdrawn()], 'withdrawn'],
    ['the end of the change', [a.ended()], 'rejected'],
    ['another attempt', [second.opened()], 'abandoned'],
    ['a base with the same files', [a.moved('c1')], undefined],
    ['a branch that went on', [a.seen('c1'), a.behind()], undefined],
    ['a check that fails', [a.checked('tests.kept', false)], undefined],
  ];
  it.each(voids)('and %s', (_name, then, because) => {
    const change = play(then, play(approved)).changes.get(id);
    if (because === undefined) expect(change).toMatchObject({ approval: { approval_id: 'apr_1' }, approval_void: undefined });
    else expect(change).toMatchObject({ approval: undefined, approval_void: expect.stringContaining(because) });
  });

  const exact = [...handed, { ...a.approved(), mode: 'exact' } as const, a.checkpoint()];
  it.each<[string, readonly NewChangeEvent[]]>([
    ['the branch shows another commit', [a.seen('c1')]],
    ['it is behind', [a.behind()]],
    ['it was moved with the same files', [a.moved('c1')]],
  ])('to the very tree holds no longer when %s', (_name, then) => {
    expect(play(then, play(exact)).changes.get(id)).toMatchObject({ approval: undefined, approval_void: 'the branch went on' });
  });

  it('to the very tree is not taken of a change that is behind', () => {
    expect(changesRefusal(play([...handed, a.behind()]), [timed({ ...a.approved(), mode: 'exact' })])).toContain(
      'merged anew first',
    );
  });

  it.each<[string, Partial<ReturnType<typeof a.approved>>, string]>([
    ['other entries', { entries_sha256: 'f'.repeat(64) }, 'entries_sha256'],
    ['another tree', { tree: oid('tx') }, 'tree'],
    ['another base', { base_tree: oid('tx') }, 'base_tree'],
    ['another attempt', { attempt: 2 }, 'attempt'],
    ['another project', { project: 'other' }, 'project'],
    ['another tier', { tier: 'D' }, 'tier'],
    ['another policy', { policy_sha256: 'f'.repeat(64) }, 'config/projects.json'],
    ['eight days', { expires_at: '2026-01-09T00:00:00.000Z' }, 'seven days'],
    ['no time at all', { expires_at: at }, 'seven days'],
    ['a resident', { actor: 'ada' }, 'not the person'],
    ['the runtime in the person’s name', { actor: 'runtime' }, 'not the person'],
    ['a person in the policy’s name', { by: 'policy' }, 'policy'],
    ['tier A', { tier: 'A' }, 'tier'],
  ])('of %s is none', (_name, more, because) => {
    expect(changesRefusal(play(handed), [timed({ ...a.approved(), ...more })])).toContain(because);
  });

  it('that expired is replaced by another, and lands nothing itself', () => {
    const late = '2026-01-07T00:00:00.000Z';
    const state = play(approved);
    expect(changesRefusal(state, [timed(a.landing(), late)])).toContain('expired');
    applyChangeLine(state, timed({ ...a.approved('apr_2'), expires_at: '2026-01-12T00:00:00.000Z' }, late));
    expect(state.approvals.get('apr_1')).toMatchObject({ void: 'it expired' });
    expect(state.changes.get(id)?.approval?.approval_id).toBe('apr_2');
  });

  it('of the policy takes no tier that is for the person, and none of tier A is taken at all', () => {
    for (const tier of ['A', 'B'] as const) {
      const state = play([...opened, { ...a.handedIn(), tier }]);
      expect(changesRefusal(state, [timed({ ...a.approved(), tier, by: 'policy', actor: 'runtime' })])).toContain(`tier ${tier}`);
    }
    const byPolicy = { ...a.approved(), by: 'policy', actor: 'runtime' } as const;
    const less = play([...opened, { ...a.handedIn(), removed_tests: [{ name: 'sums', because: 'slow' }] }]);
    expect(changesRefusal(less, [timed(byPolicy)])).toContain('takes tests away');
    expect(changesRefusal(less, [timed(a.approved())])).toBeUndefined();
    expect(changesRefusal(play(handed), [timed(byPolicy)])).toBeUndefined();
  });
});

describe('a landing', () => {
  const begins = (state: ChangesState, more: Parameters<typeof a.landing>[1] = {}) =>
    changesRefusal(state, [timed(a.landing('land_x', more))]);

  it.each<[string, Parameters<typeof a.landing>[1], string]>([
    ['from what the branch does not show', { from_commit: oid('c9') }, 'the branch shows'],
    ['of another tree', { to_tree: oid('t9') }, 'the tree of the change'],
    ['without an approval', { approval_id: undefined }, 'no approval'],
    ['with an approval that is none', { approval_id: 'apr_9' }, 'no approval'],
    ['without a checkpoint', { checkpoint_id: 'cp_9' }, 'no checkpoint'],
    ['of no change', { change_id: undefined }, 'no change'],
    ['of another project', { project: 'other' }, 'not looked at'],
    ['of a restore that is none', { restore_id: 'rest_9' }, 'no restore'],
  ])('%s does not begin', (_name, more, because) => expect(begins(play(approved), more)).toContain(because));

  it('is one at a time for a project, and one for an approval', () => {
    const b = aChangesLife('chg_0000000002', 'other');
    const two = play([b.opened(), b.handedIn(), b.approved('apr_b')], play(approved));
    const other = { change_id: 'chg_0000000002', approval_id: 'apr_b' };
    const open = play([a.landing()], two);
    expect(begins(open, other)).toContain('land_1 of this project is under way');
    play([a.landed()], open);
    expect(begins(open, { from_commit: oid('c1') })).toContain('is landed');
    expect(begins(open, { ...other, from_commit: oid('c1') })).toContain('stands on');
    expect(begins(open, { ...other, approval_id: 'apr_1', from_commit: oid('c1') })).toBeDefined();
    play([b.moved('c1')], open);
    expect(begins(open, { ...other, from_commit: oid('c1'), to_tree: oid('mc1') })).toBeUndefined();
  });

  it('waits while its project is paused or a restore is under way, and no restore begins during one', () => {
    const paused: NewChangeEvent = { event: 'project_paused', actor: 'runtime', project: 'invoice', because: 'the drill failed' };
    expect(begins(play([...approved, paused]))).toContain('the drill failed');
    const restore: NewChangeEvent = { event: 'restore_started', actor: 'human', restore_id: 'rest_1', checkpoint_id: 'cp_1' };
    const restoring = play([...approved, restore]);
    expect(begins(restoring)).toContain('rest_1 is under way');
    expect(begins(restoring, { restore_id: 'rest_1', to_tree: oid('t0') })).toBeUndefined();
    expect(begins(restoring, { restore_id: 'rest_1', to_tree: oid('t9') })).toContain('holds');
    expect(changesRefusal(play(landing), [timed(restore)])).toContain('under way');
  });

  it('is its holder’s alone: what a lost one says is void, and the one who took it over ends it', () => {
    const state = play([...landing, a.taken('land_1', 'w2', 2)]);
    expect(changesRefusal(state, [timed(a.landed())])).toContain('w2 holds it at epoch 2');
    expect(changesRefusal(state, [timed(a.landed('land_1', { by: 'w1', epoch: 2 }))])).toContain('not w1');
    expect(changesRefusal(state, [timed(a.taken('land_1', 'w3', 2))])).toContain('epoch 2');
    play([a.landed('land_1', { by: 'w2', epoch: 2 })], state);
    expect(state.changes.get(id)).toMatchObject({ phase: 'landed', landing: { commit: oid('c1') } });
    expect(state.projects.get('invoice')).toMatchObject({ commit: oid('c1'), landing_id: undefined });
  });

  it('that was given up leaves the yes in force, and held says what is in the way until it is tried again', () => {
    const state = play(STATES.held);
    expect(state.changes.get(id)).toMatchObject({
      phase: 'handed_in',
      held: { why: 'your_edits', paths },
      approval: { approval_id: 'apr_1' },
    });
    play([a.retried()], state);
    expect(state.changes.get(id)?.held).toBeUndefined();
    play([a.landing('land_2'), a.landed('land_2')], state);
    expect(state.changes.get(id)?.phase).toBe('landed');
  });

  it('that was given up gives no yes back that became void meanwhile', () => {
    const state = play([...landing, a.seen('c0', 'p1'), a.landed('land_1', { ok: false, because: 'the branch moved' })]);
    expect(state.changes.get(id)).toMatchObject({
      phase: 'handed_in',
      approval: undefined,
      reasons: ['landing: the branch moved'],
    });
    expect(begins(state)).toContain('void');
  });

  it('makes void what was approved for exactly the branch before it', () => {
    const b = aChangesLife('chg_0000000002', 'other');
    const state = play([
      ...approved,
      b.opened(),
      b.handedIn(),
      { ...b.approved('apr_b'), mode: 'exact' },
      a.landing(),
      a.landed(),
    ]);
    expect(state.changes.get('chg_0000000002')?.approval_void).toBe('the branch went on');
  });
});

describe('the log', () => {
  const b = aChangesLife('chg_0000000002', 'other');
  const vocabulary: readonly NewChangeEvent[] = [
    ...Object.values(EVENTS),
    ...[
      a.approved(),
      a.saved(1),
      a.landing(),
      a.checkpoint(),
      a.seen(),
      a.moved('c7', 'e2'),
      a.landing('land_3', { from_commit: oid('c7') }),
    ],
    ...[
      b.opened(),
      b.handedIn(),
      b.approved('apr_b'),
      b.landing('land_b', { approval_id: 'apr_b' }),
      b.landed('land_b'),
      b.moved(),
    ],
    ...[
      a.landing('land_4', { approval_id: 'apr_b' }),
      a.landed('land_2'),
      a.landed('land_4'),
      b.landing('land_5'),
      b.landed('land_5'),
    ],
  ];
  const anyLog = fc.array(fc.constantFrom(...vocabulary), { maxLength: 60 });

  it('lands only what was approved as it is, and once for an approval, whatever is said in whatever order', () => {
    fc.assert(
      fc.property(anyLog, (events) => {
        const state = fold([...approved, ...events]);
        const landed = [...state.landings.values()].filter(({ finished }) => finished?.ok);
        const yeses = landed.map(({ approval_id = '' }) => approval_id);
        expect(new Set(yeses).size).toBe(yeses.length);
        for (const { approval_id = '', change_id = '', to_tree, landing_id } of landed) {
          const change = state.changes.get(change_id);
          expect(change).toMatchObject({ phase: 'landed', tree: to_tree, approval: { approval_id } });
          expect(state.approvals.get(approval_id)).toMatchObject({
            change_id,
            used_by: landing_id,
            entries_sha256: change?.entries_sha256,
          });
        }
        const open = [...state.landings.values()].filter(({ finished }) => !finished);
        expect(open.length).toBeLessThanOrEqual(1);
        for (const [approval_id, of] of state.inForce)
          expect(state.changes.get(of)).toMatchObject({
            phase: expect.stringMatching(/handed_in|landing/),
            approval: { approval_id },
          });
      }),
      { numRuns: 300 },
    );
  });

  it('is the same world, whoever reads it and in however many pieces', () => {
    fc.assert(
      fc.property(anyLog, fc.nat(60), (events, cut) => {
        const whole = fold(events);
        expect(fold(events.slice(cut), structuredClone(fold(events.slice(0, cut))))).toEqual(whole);
      }),
      { numRuns: 100 },
    );
  });

  it('of two projects is the same in whatever order their lines come between each other', () => {
    const c = aChangesLife('chg_0000000003', 'third');
    const other = (event: NewChangeEvent): NewChangeEvent =>
      ({ ...event, ...('project' in event ? { project: 'second' } : {}) }) as NewChangeEvent;
    const theirs = [c.seen(), c.opened(), c.handedIn(), c.approved('apr_c')].map(other);
    fc.assert(
      fc.property(fc.infiniteStream(fc.boolean()), (turns) => {
        const queues = [[...approved], [...theirs]];
        const mixed: NewChangeEvent[] = [];
        while (queues.some(({ length }) => length > 0)) {
          const next = queues[turns.next().value ? 0 : 1]?.shift() ?? queues[0]?.shift() ?? queues[1]?.shift();
          if (next) mixed.push(next);
        }
        expect(play(mixed)).toEqual(play([...approved, ...theirs]));
      }),
      { numRuns: 30 },
    );
  });

  it('takes lines that belong together all or none', () => {
    const together = (...events: NewChangeEvent[]): ChangeLine => ({
      event: 'together',
      actor: 'runtime',
      at,
      events: events.map((one) => timed(one)),
    });
    const state = play(handed);
    const before = structuredClone(state);
    expect(applyChangeLine(state, together(a.seen('c1', 'p1'), a.ended(), a.approved()))).toBeUndefined();
    expect(state).toEqual(before);
    expect(applyChangeLine(state, together(a.approved(), a.checkpoint(), a.landing()))).toEqual(new Set([id]));
    expect(state.changes.get(id)?.phase).toBe('landing');
  });

  it('tells of a batch who was in it and who was at fault', () => {
    const member = { change_id: id, tree: oid('t1') };
    const batch: NewChangeEvent = {
      ...{
        event: 'integrated',
        actor: 'runtime',
        batch_id: 'batch_1',
        project: 'invoice',
        base_commit: oid('c0'),
        tree: oid('b1'),
      },
      ...{ members: [member], passed: false, at_fault: { [id]: 'sum fails' }, runs: 4 },
    };
    const state = play([...handed, batch]);
    expect(state.changes.get(id)?.reasons).toEqual(['integration: sum fails']);
    expect(changesRefusal(state, [timed(batch)])).toContain('in use');
    expect(changesRefusal(state, [timed({ ...batch, batch_id: 'b2', at_fault: { chg_0000000002: 'x' } })])).toContain(
      'not in the batch',
    );
    expect(changesRefusal(play(landing), [timed(batch)])).toContain('does not wait');
  });
});
