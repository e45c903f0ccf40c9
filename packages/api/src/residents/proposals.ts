import {
  DEFAULT_MIN_BUDGET_USD,
  type FieldProblem,
  fieldProblems,
  type Intake,
  readTask,
  refuse,
  type TaskStore,
  VivariumError,
} from '@vivarium/core';
import { z } from 'zod';
import type { Actor, ToolAnswer } from './kit.ts';

const Id = z.string().min(1).max(128);
export const ProposalArgs = z.strictObject({
  id: Id,
  prompt: z.string().min(1).max(20_000),
  depends_on: z.array(Id).max(50).default([]),
  max_budget: z.number().min(0).max(100).optional(),
});
type ProposalArgs = z.infer<typeof ProposalArgs>;

/** Where proposals go, and what they pass before. */
export interface ProposalDeps {
  readonly store: TaskStore;
  readonly intake: Intake;
}

/** What a proposal would come to; nothing is added. */
export async function checkProposal(args: ProposalArgs, actor: Actor, { store, intake }: ProposalDeps): Promise<ToolAnswer> {
  const task = taskOf(args, actor);
  if (Array.isArray(task)) return unfit(task);
  store.refresh();
  const standing = store.get(args.id);
  const own = standing?.task.author_id === actor.identity_id && standing.task.prompt === task.prompt;
  if (standing && !own) return refuse('task_exists', `A task ${args.id} already exists; choose another id`);
  const missing = args.depends_on.find((id) => !store.get(id));
  if (missing !== undefined) return refuse('task_not_found', `There is no task ${missing} to depend on`);
  const faults = await intake.check(store, [task]);
  if (faults.length > 0) return unfit(fieldProblems(faults, 1));
  return { ok: true, task_id: args.id, held_for: 'person' };
}

/** Add a task that a person has to accept. Adding it again changes nothing. */
export async function propose(args: ProposalArgs, actor: Actor, deps: ProposalDeps): Promise<ToolAnswer> {
  const answer = await checkProposal(args, actor, deps);
  const task = taskOf(args, actor);
  if (!answer.ok || Array.isArray(task)) return answer;
  try {
    await deps.store.add([task], actor.identity_id);
    return answer;
  } catch (error) {
    if (error instanceof VivariumError && error.status < 500) return refuse('not_accepted', error.message);
    throw error;
  }
}

const unfit = (problems: readonly FieldProblem[]): ToolAnswer =>
  refuse('invalid_arguments', problems.map(({ field, message }) => `${field}: ${message}`).join('; '));

function taskOf({ max_budget, ...rest }: ProposalArgs, { identity_id }: Actor) {
  const budget = max_budget === undefined ? {} : { max_budget, min_budget: Math.min(DEFAULT_MIN_BUDGET_USD, max_budget) };
  return readTask({ ...rest, ...budget, proposed: true, author_id: identity_id });
}
