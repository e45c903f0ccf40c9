import { DEFAULT_MIN_BUDGET_USD, Task, type TaskStore, VivariumError } from '@vivarium/core';
import { z } from 'zod';
import { type Actor, refused, type ToolAnswer } from './kit.ts';

export const ProposalArgs = z.object({
  id: z.string(),
  prompt: z.string(),
  depends_on: z.array(z.string()).default([]),
  max_budget: z.number().optional(),
});
type ProposalArgs = z.infer<typeof ProposalArgs>;

/** What a proposal would come to; nothing is added. */
export function checkProposal(args: ProposalArgs, actor: Actor, store: TaskStore): ToolAnswer {
  const task = taskOf(args, actor);
  if (!task.success)
    return refused('invalid_arguments', task.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  store.refresh();
  const standing = store.get(args.id);
  const own = standing?.task.author_id === actor.identity_id && standing.task.prompt === task.data.prompt;
  if (standing && !own) return refused('task_exists', `A task ${args.id} stands already; choose another id`);
  const missing = args.depends_on.find((id) => !store.get(id));
  if (missing !== undefined) return refused('task_not_found', `There is no task ${missing} to depend on`);
  return { ok: true, task_id: args.id, held_for: 'person' };
}

/** Add a task that a person has to accept. Adding it again changes nothing. */
export async function propose(args: ProposalArgs, actor: Actor, store: TaskStore): Promise<ToolAnswer> {
  const answer = checkProposal(args, actor, store);
  const task = taskOf(args, actor);
  if (!answer.ok || !task.success) return answer;
  try {
    await store.add([task.data], actor.identity_id);
    return answer;
  } catch (error) {
    if (error instanceof VivariumError && error.status < 500) return refused('not_accepted', error.message);
    throw error;
  }
}

function taskOf({ max_budget, ...rest }: ProposalArgs, { identity_id }: Actor) {
  const budget = max_budget === undefined ? {} : { max_budget, min_budget: Math.min(DEFAULT_MIN_BUDGET_USD, max_budget) };
  return Task.safeParse({ ...rest, ...budget, proposed: true, author_id: identity_id });
}
