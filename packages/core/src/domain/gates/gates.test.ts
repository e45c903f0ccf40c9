import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GateEvent } from './events.ts';
import { applyGateEvent } from './fold.ts';
import { type GateStep, nextGateStep } from './next.ts';
import { BATCH_SIZE, batchesOf, gateRefusal } from './rules.ts';
import { CHANGE_STATUSES, type ChangeStatus, emptyGates, type GateState, isLost } from './state.ts';
import { gatesView } from './view.ts';

const at = '2026-01-01T00:00:00.000Z';
type Untimed<E> = E extends GateEvent ? Omit<E, 'at'> : never;
const timed = (event: Untimed<GateEvent>): GateEvent => ({ ...event, at }) as GateEvent;

const change_id = 'code';
const submitted = (attempt = 1, id = change_id): Untimed<GateEvent> => ({
  event: 'change_submitted',
  actor: 'runtime',
  change_id: id,
  attempt,
  title: 'Write it',
  description: 'Write it',
  author_id: 'ada',
  excerpt: 'It is written',
  ballot_id: `vote_${id}_${attempt}`,
});
const STEPS: Readonly<Record<string, Untimed<GateEvent>>> = {
  vote: { event: 'vote_cast', actor: 'runtime', ballot_id: 'vote_code_1', vote: 'approved', reason: 'fine' },
  close: { event: 'ballot_closed', actor: 'runtime', ballot_id: 'vote_code_1' },
  register: { event: 'resident_registered', actor: 'human', resident_id: 'ben', specializations: ['qa', 'cooking'] },
  claim: { event: 'qa_claimed', actor: 'ben', change_id, resident_id: 'ben' },
  test: {
    event: 'test_submitted',
    actor: 'ben',
    submission_id: 'test_1',
    change_id,
    test_type: 'unit',
    description: 'x',
    ballot_id: 'vote_t',
  },
  vote_test: { event: 'vote_cast', actor: 'runtime', ballot_id: 'vote_t', vote: 'approved', reason: 'fine' },
  close_test: { event: 'ballot_closed', actor: 'runtime', ballot_id: 'vote_t' },
  unit: {
    event: 'result_recorded',
    actor: 'runtime',
    change_id,
    test_type: 'unit',
    passed: true,
    details: '3 ran',
    integration_task_id: 'int_1',
  },
  batch: { event: 'batch_created', actor: 'runtime', batch_id: 'batch_1', task_ids: ['int_1'] },
  integrate: { event: 'batch_recorded', actor: 'runtime', batch_id: 'batch_1', passed: true, details: 'fine', failed: {} },
  e2e: { event: 'result_recorded', actor: 'runtime', change_id, test_type: 'e2e', passed: true, details: 'fine' },
};
const ORDER = Object.keys(STEPS);

function play(...events: readonly (Untimed<GateEvent> | undefined)[]): GateState {
  const state = emptyGates();
  for (const event of events) if (event) expect(applyGateEvent(state, timed(event)), JSON.stringify(event)).toBe(true);
  return state;
}
const upTo = (name: string): GateState => play(submitted(), ...ORDER.slice(0, ORDER.indexOf(name)).map((step) => STEPS[step]));
const statusOf = (state: GateState, id = change_id): ChangeStatus | undefined => state.changes.get(id)?.status;

describe('the quality gates', () => {
  it('lead from the vote to the merge in the documented order', () => {
    const state = play(submitted());
    const seen = [statusOf(state)];
    for (const name of ORDER) {
      applyGateEvent(state, timed(STEPS[name] as Untimed<GateEvent>));
      if (seen.at(-1) !== statusOf(state)) seen.push(statusOf(state));
    }
    expect(seen).toEqual(CHANGE_STATUSES.slice(0, 6));
    expect(gatesView(state)).toMatchObject({
      version: '1.0',
      created_at: at,
      updated_at: at,
      changes: {
        code: {
          change_id,
          title: 'Write it',
          author_id: 'ada',
          status: 'ready_for_merge',
          gates: { unit: 'passed', integration: 'passed', e2e: 'passed' },
          qa: { assigned_to: 'ben', test_submission_id: 'test_1' },
          integration: { batch_id: 'batch_1', status: 'passed' },
          e2e: { status: 'passed' },
          blind_vote: { ballot_id: 'vote_code_1', status: 'approved' },
          test_results: { unit: { passed: true, details: '3 ran', recorded_at: at } },
        },
      },
      residents: { ben: { specializations: ['qa'] } },
      vote_outbox: ['vote_code_1', 'vote_t'],
    });
  });

  it('refuse every step before its time and every step that was taken, and nothing changes', () => {
    for (const [index, name] of ORDER.entries())
      for (const [other, step] of ORDER.entries()) {
        if (step === 'register' || other === index) continue;
        // The registration may come at any time before the claim; what needs only it may follow it at once.
        if (ORDER[index] === 'register' && step === 'claim') continue;
        const state = upTo(name);
        const before = structuredClone(state);
        const event = timed(STEPS[step] as Untimed<GateEvent>);
        expect(gateRefusal(state, event), `${step} when ${name} is next`).toBeTypeOf('string');
        expect(applyGateEvent(state, event)).toBe(false);
        expect(state).toEqual(before);
      }
  });

  it.each([
    ['an unknown change', { event: 'qa_claimed', actor: 'ben', change_id: 'none', resident_id: 'ben' }, 'claim'],
    ['a claim without the specialisation', { event: 'qa_claimed', actor: 'cyn', change_id, resident_id: 'cyn' }, 'claim'],
    ['a claim of the author', { event: 'qa_claimed', actor: 'ada', change_id, resident_id: 'ada' }, 'claim'],
    ["an author's vote", { event: 'vote_cast', actor: 'ada', ballot_id: 'vote_code_1', vote: 'approved', reason: '' }, 'vote'],
    ['a close without votes', { event: 'ballot_closed', actor: 'runtime', ballot_id: 'vote_code_1' }, 'vote'],
    ['a second vote', { event: 'vote_cast', actor: 'runtime', ballot_id: 'vote_code_1', vote: 'rejected', reason: '' }, 'close'],
    ["a test of somebody else's", { ...STEPS['test'], actor: 'cyn' }, 'test'],
    ['the same attempt again', submitted(1), 'vote'],
    [
      'an empty result',
      { event: 'result_recorded', actor: 'runtime', change_id, test_type: 'unit', passed: true, details: '' },
      'unit',
    ],
    ['a batch of six', { event: 'batch_created', actor: 'runtime', batch_id: 'b', task_ids: Array(6).fill('int_1') }, 'batch'],
  ] as [string, Untimed<GateEvent>, string][])('refuse %s', (_what, event, next) => {
    expect(applyGateEvent(upTo(next), timed(event))).toBe(false);
  });

  it('end a change that is voted down, with the reasons; a tie is no approval, and the person has the last word', () => {
    const cast = (actor: string, vote: 'approved' | 'rejected'): Untimed<GateEvent> =>
      ({ ...STEPS['vote'], actor, vote, reason: `${actor} says so` }) as Untimed<GateEvent>;
    const tie = play(submitted(), cast('runtime', 'approved'), cast('ben', 'rejected'), STEPS['close']);
    expect(tie.changes.get(change_id)).toMatchObject({ status: 'rejected', reasons: ['ben says so'] });
    const person = play(submitted(), cast('ben', 'rejected'), cast('cyn', 'rejected'), cast('human', 'approved'), STEPS['close']);
    expect(statusOf(person)).toBe('needs_qa');
  });

  it('keep the status when a gate fails, but for the last one, and let a lost change go nowhere', () => {
    const unit = upTo('unit');
    applyGateEvent(unit, timed({ ...STEPS['unit'], passed: false, details: '1 of 3 failed' } as Untimed<GateEvent>));
    expect(unit.changes.get(change_id)).toMatchObject({
      status: 'qa_in_progress',
      gates: { unit: 'failed' },
      reasons: ['unit: 1 of 3 failed'],
    });
    expect(applyGateEvent(unit, timed(STEPS['unit'] as Untimed<GateEvent>))).toBe(false);
    const e2e = upTo('e2e');
    applyGateEvent(e2e, timed({ ...STEPS['e2e'], passed: false } as Untimed<GateEvent>));
    expect(statusOf(e2e)).toBe('blocked');
  });

  it('blame only the changes of a batch that are at fault', () => {
    const state = play(submitted(1, 'a'), submitted(1, 'b'));
    for (const id of ['a', 'b']) bring(state, id, 'make_batch');
    const ids = [...state.tasks.keys()];
    applyGateEvent(state, timed({ event: 'batch_created', actor: 'runtime', batch_id: 'batch_1', task_ids: ids }));
    applyGateEvent(
      state,
      timed({
        event: 'batch_recorded',
        actor: 'runtime',
        batch_id: 'batch_1',
        passed: false,
        details: 'one clashes',
        failed: { [ids[1] ?? '']: 'it clashes' },
      }),
    );
    expect([statusOf(state, 'a'), state.changes.get('b')?.gates.integration]).toEqual(['needs_e2e', 'failed']);
    expect(state.changes.get('b')?.reasons).toEqual(['integration: it clashes']);
  });

  it('begin anew with a new attempt, and drop what the old one waited for', () => {
    const state = upTo('integrate');
    expect(applyGateEvent(state, timed(submitted(2)))).toBe(true);
    expect(state.changes.get(change_id)).toMatchObject({ status: 'pending_vote', attempt: 2, qa_by: null });
    expect(state.tasks.get('int_1')?.status).toBe('dropped');
    expect(applyGateEvent(state, timed(STEPS['integrate'] as Untimed<GateEvent>))).toBe(true);
    expect(state.changes.get(change_id)).toMatchObject({ status: 'pending_vote', gates: { integration: 'pending' } });
  });

  it('group what waits into batches of at most five, and refuse a size that is none', () => {
    const state = play(...Array.from({ length: 7 }, (_, n) => submitted(1, `c${n}`)));
    for (const id of state.changes.keys()) bring(state, id, 'make_batch');
    expect(batchesOf(state)?.map((group) => group.length)).toEqual([BATCH_SIZE, 2]);
    expect(batchesOf(state, 0)).toBeUndefined();
    expect(batchesOf(state, 1.5)).toBeUndefined();
  });
});

describe('a change', () => {
  it('is never stuck: whatever happened, its next step is one that counts, until it is ready or lost', () => {
    const results = fc.array(fc.boolean(), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(results, fc.integer({ min: 1, max: 8 }), (good, disturbances) => {
        const state = play(submitted());
        for (const [index, passed] of good.entries()) {
          const change = state.changes.get(change_id);
          const step = change && nextGateStep(state, change);
          if (!change || !step || step.kind === 'ready' || step.kind === 'lost') break;
          for (const event of eventsFor(step, passed || index % disturbances !== 0))
            expect(applyGateEvent(state, timed(event)), step.kind).toBe(true);
        }
        const end = state.changes.get(change_id);
        expect(end && (end.status === 'ready_for_merge' || isLost(end))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

/** What the runtime says at a step. */
function eventsFor(step: GateStep, good: boolean, id = change_id): Untimed<GateEvent>[] {
  const by = { actor: 'runtime' } as const;
  switch (step.kind) {
    case 'vote':
      return [
        { ...by, event: 'vote_cast', ballot_id: step.ballot_id, vote: good ? 'approved' : 'rejected', reason: 'so' },
        { ...by, event: 'ballot_closed', ballot_id: step.ballot_id },
      ];
    case 'claim_qa':
      return [STEPS['register'] as Untimed<GateEvent>, { event: 'qa_claimed', actor: 'ben', change_id: id, resident_id: 'ben' }];
    case 'submit_test':
      return [
        {
          event: 'test_submitted',
          actor: 'ben',
          change_id: id,
          test_type: 'unit',
          description: 'x',
          submission_id: `test_${id}`,
          ballot_id: `vote_test_${id}`,
        },
      ];
    case 'run':
      return [
        {
          ...by,
          event: 'result_recorded',
          change_id: id,
          test_type: step.gate,
          passed: good,
          details: 'so',
          ...(step.gate === 'unit' && good ? { integration_task_id: `int_${id}` } : {}),
        },
      ];
    case 'make_batch':
      return [{ ...by, event: 'batch_created', batch_id: 'batch_x', task_ids: [`int_${id}`] }];
    case 'run_batch':
      return [{ ...by, event: 'batch_recorded', batch_id: step.batch_id, passed: good, details: 'so', failed: {} }];
    default:
      return [];
  }
}

/** Take a change on until this is its next step. */
function bring(state: GateState, id: string, until: GateStep['kind']): void {
  for (let change = state.changes.get(id); change; change = state.changes.get(id)) {
    const step = nextGateStep(state, change);
    if (step.kind === until) return;
    for (const event of eventsFor(step, true, id)) expect(applyGateEvent(state, timed(event)), step.kind).toBe(true);
  }
}
