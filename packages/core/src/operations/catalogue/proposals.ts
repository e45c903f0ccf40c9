import { z } from 'zod';
import type { Actor } from '../../contract/actor.ts';
import { TaskId } from '../../contract/ids.ts';
import { refuse } from '../../contract/refusals.ts';
import { DEFAULT_MIN_BUDGET_USD, type Task } from '../../contract/task.ts';
import { InvalidInputError, VivariumError } from '../../errors/index.ts';
import { fieldProblems, readTask } from '../intake/index.ts';
import type { World } from '../world.ts';
import { operation } from './entry.ts';
import { RefusedError } from './refused.ts';

const Proposal = z.strictObject({
  id: TaskId,
  prompt: z.string().min(1).max(20_000),
  depends_on: z.array(TaskId).max(50).default([]),
  max_budget: z.number().min(0).max(100).optional(),
});
type Proposal = z.input<typeof Proposal>;

export const proposalOperations = {
  propose_task: operation({
    title: 'Propose a task; a person decides whether it runs',
    who: ['resident'],
    lan: 'never',
    reach: 'public',
    refusals: ['VIV_INVALID_INPUT', 'task_exists', 'not_accepted'],
    input: Proposal,
    output: z.object({ task_id: z.string(), held_for: z.literal('person') }),
    run: proposeTask,
  }),
};

/** Add a task that a person has to accept. Adding it again changes nothing. @throws what `checkProposal` throws */
async function proposeTask(world: World, proposal: Proposal, { id }: Actor) {
  const store = await world.tasks();
  const task = await checkProposal(world, proposal, id);
  try {
    await store.add([task], id);
  } catch (error) {
    if (!(error instanceof VivariumError) || error.status >= 500) throw error;
    throw new RefusedError(refuse('not_accepted', error.message));
  }
  return proposed(task);
}

/** What somebody is told who proposed a task, or asked what it would come to. */
export const proposed = ({ id }: Task) => ({ task_id: id, held_for: 'person' as const });

/** The held task that a proposal comes to; nothing is added. @throws InvalidInputError, RefusedError */
export async function checkProposal({ intake, ...world }: World, proposal: Proposal, author_id: string): Promise<Task> {
  const store = await world.tasks();
  const task = taskOf(proposal, author_id);
  store.refresh();
  const standing = store.get(task.id);
  const own = standing?.task.author_id === author_id && standing.task.prompt === task.prompt;
  if (standing && !own) throw new RefusedError(refuse('task_exists', `A task ${task.id} already exists; choose another id`));
  const faults = await intake.check(store, [task]);
  if (faults.length > 0) throw new InvalidInputError('Nothing was proposed', fieldProblems(faults, 1));
  return task;
}

function taskOf({ max_budget, ...rest }: Proposal, author_id: string): Task {
  const budget = max_budget === undefined ? {} : { max_budget, min_budget: Math.min(DEFAULT_MIN_BUDGET_USD, max_budget) };
  const task = readTask({ ...rest, ...budget, proposed: true, author_id });
  if (Array.isArray(task)) throw new InvalidInputError('Nothing was proposed', task);
  return task;
}
