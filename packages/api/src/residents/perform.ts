import {
  ACTIONS,
  asResident,
  CATALOGUE,
  checkProposal,
  fieldProblemLines,
  GateOrderError,
  InvalidInputError,
  perform as performIn,
  proposed,
  RefusedError,
  refuse,
  type SocietyStore,
  type World,
} from '@vivarium/core';
import { DocumentArgs, type Documents } from './documents.ts';
import type { Actor, ToolAnswer } from './kit.ts';

export interface PerformDeps {
  readonly world: World;
  readonly society: SocietyStore;
  readonly documents: Documents;
}

type Args = Readonly<Record<string, unknown>>;
const { propose_task, vote_gate } = CATALOGUE;

/** Do an act, once per key. */
export async function perform(
  { world, society, documents }: PerformDeps,
  tool: string,
  args: Args,
  actor: Actor,
): Promise<ToolAnswer> {
  const resident = asResident(actor.identity_id);
  const once = { execution_key: actor.key, task_id: actor.task_id };
  if (tool === 'write_document') return documents.write(DocumentArgs.parse(args), actor);
  if (tool === 'vote_gate') return answered(() => performIn(world, 'vote_gate', vote_gate.input.parse(args), resident, once));
  if (tool === 'propose_task') return answered(() => performIn(world, 'propose_task', propose_task.input.parse(args), resident));
  const about = tool === 'decline_task' && actor.task_id !== undefined ? { ...args, task_id: actor.task_id } : args;
  return society.ask(resident, tool, about, once);
}

/** What an act will come to when it is done later: the same ids, the same refusals. Nothing is changed. */
export async function foresee(
  { world, society, documents }: PerformDeps,
  tool: string,
  args: Args,
  actor: Actor,
): Promise<ToolAnswer> {
  if (tool === 'write_document') return documents.check(DocumentArgs.parse(args), actor);
  if (tool === 'propose_task')
    return answered(async () => proposed(await checkProposal(world, propose_task.input.parse(args), actor.identity_id)));
  await society.refresh();
  const context = {
    actor: actor.identity_id,
    kind: 'resident',
    now: world.clock.now().toISOString(),
    key: societyKey(actor),
  } as const;
  const decision = ACTIONS.get(tool)?.run(society.world, args, context) ?? refuse('unknown_action', `There is no act "${tool}"`);
  return decision.ok ? { ok: true, ...decision.answer } : decision;
}

/** What an operation came to, as a resident is told it: a no is an answer like another. */
async function answered(work: () => Promise<object>): Promise<ToolAnswer> {
  try {
    return { ...(await work()), ok: true };
  } catch (error) {
    if (error instanceof RefusedError) return refuse(error.reason, error.message);
    if (error instanceof InvalidInputError) return refuse('invalid_arguments', fieldProblemLines(error.problems));
    if (error instanceof GateOrderError) return refuse('gate_order', error.message);
    throw error;
  }
}

/** The key under which the society does this act; new ids follow from it. */
const societyKey = ({ identity_id, key }: Actor): string => `act:${identity_id}:${key}#0`;
