import { batchesOf, type Change, type GateStep, type GateStore, gateId, RUNTIME, VOTE_WINDOW_MS } from '@vivarium/core';
import { AGAIN_MS, DONE, type Proving, type Standing, type Stepped, say } from '../../pipeline/proving.ts';
import type { Runtime } from '../../pipeline/runtime.ts';
import { qaFor } from './specialists.ts';

export interface StepPorts {
  /** True when the worker has nothing to do and nothing to begin: nobody else is going to vote. */
  readonly idle: () => boolean;
  readonly proving: (change: Change) => Promise<Proving>;
}

/** Take the next step of one change, or say what it waits for. */
export async function takeStep(
  runtime: Runtime,
  { idle, proving }: StepPorts,
  { step, ...standing }: Standing & { readonly step: GateStep },
  signal: AbortSignal,
): Promise<Stepped> {
  const { gates } = runtime;
  switch (step.kind) {
    case 'vote':
      return vote(runtime, idle, { ...standing, step }, await proving(standing.change), signal);
    case 'claim_qa':
      return claimQa(runtime, standing.change);
    case 'submit_test':
      return (await proving(standing.change)).submitTest(standing, signal);
    case 'run':
      return (await proving(standing.change)).run(standing, step.gate, signal);
    case 'make_batch':
      return makeBatches(gates);
    case 'run_batch':
      return (await proving(standing.change)).integrate(step.batch_id, membersOf(gates, step.batch_id), signal);
    default:
      return DONE;
  }
}

/** Whoever is asked for a vote has had the time to give it. */
async function vote(
  runtime: Runtime,
  idle: StepPorts['idle'],
  { step, ...standing }: Standing & { readonly step: Extract<GateStep, { kind: 'vote' }> },
  proving: Proving,
  signal: AbortSignal,
): Promise<Stepped> {
  if (step.decided || !proving.vote) return closeBallot(runtime, idle, step);
  const heard = await proving.vote(standing, step.ballot_id, signal);
  return heard.kind === 'done'
    ? say(runtime.gates, { event: 'ballot_closed', actor: RUNTIME, ballot_id: step.ballot_id })
    : heard;
}

/** Residents have time to vote while there is other work; without any, nobody is going to. */
async function closeBallot(
  { gates, clock }: Pick<Runtime, 'gates' | 'clock'>,
  idle: StepPorts['idle'],
  { ballot_id, decided }: Extract<GateStep, { kind: 'vote' }>,
): Promise<Stepped> {
  const opened = Date.parse(gates.state.ballots.get(ballot_id)?.created_at ?? '');
  const left = opened + VOTE_WINDOW_MS - clock.now().getTime();
  if (!decided && !idle() && left > 0 && left <= VOTE_WINDOW_MS) return { kind: 'later', ms: Math.max(left, AGAIN_MS + 1) };
  return say(gates, { event: 'ballot_closed', actor: RUNTIME, ballot_id });
}

async function claimQa({ gates, testersFor }: Pick<Runtime, 'gates' | 'testersFor'>, change: Change): Promise<Stepped> {
  const found = qaFor(gates.state, await testersFor(change.author_id));
  if (!found) return { kind: 'person', reason: 'nobody but its author and its guild lives here, so nobody can do its QA' };
  const { resident_id, register } = found;
  if (register) await gates.record({ event: 'resident_registered', actor: RUNTIME, resident_id, specializations: [...register] });
  return say(gates, { event: 'qa_claimed', actor: resident_id, change_id: change.change_id, resident_id });
}

async function makeBatches(gates: GateStore): Promise<Stepped> {
  for (const task_ids of batchesOf(gates.state) ?? [])
    await gates.tryRecord({ event: 'batch_created', actor: RUNTIME, batch_id: gateId('batch'), task_ids });
  return DONE;
}

function membersOf({ state }: GateStore, batch_id: string) {
  const ids = state.batches.get(batch_id)?.task_ids ?? [];
  return ids.flatMap((id) => {
    const task = state.tasks.get(id);
    return task?.status === 'batched' ? [task] : [];
  });
}
