import { ulid } from 'ulid';
import { z } from 'zod';
import { loggedAs } from '../../contract/actor.ts';
import { TaskStatus } from '../../contract/status.ts';
import { Task } from '../../contract/task.ts';
import { newFaults } from '../../domain/task/faults.ts';
import { type FieldProblem, InvalidInputError, TaskNotFoundError } from '../../errors/index.ts';
import { fieldProblems, readTask, refuseFaulty, tasksOfBytes } from '../intake/index.ts';
import type { World } from '../world.ts';
import { operation } from './entry.ts';

const Entered = z.object({
  added: z.array(z.string()),
  known: z.array(z.string()).describe('Those that were there already, with the same content'),
});
const refusals = ['VIV_INVALID_INPUT', 'VIV_SAFETY_BLOCKED', 'VIV_BUDGET_EXCEEDED', 'VIV_TASK_CONFLICT'] as const;

export const taskOperations = {
  add_tasks: operation({
    title: 'Add a task, or several under `tasks`, all or none',
    lan: 'task',
    refusals,
    input: z.object({
      tasks: z.array(z.unknown()).min(1, 'give at least one task').describe('As their author wrote them; an id may be left out'),
      listed: z.boolean().default(true).describe('false: it is one task by itself, whose faults are named without a place'),
      dry_run: z.boolean().default(false).describe('Only check'),
    }),
    output: Entered,
    run: (world, { tasks, listed, dry_run }, actor) => enter(world, readTasks(tasks, listed), loggedAs(actor), dry_run),
  }),
  import_tasks: operation({
    title: 'Add the tasks of a file, all or none: JSON, JSON lines or a queue.json',
    lan: 'task',
    refusals,
    input: z
      .strictObject({
        name: z.string().max(255).default('The file'),
        content: z.string().min(1, 'the file is empty').optional().describe('The text of the file'),
        base64: z.base64().min(1, 'the file is empty').optional().describe('Its bytes instead, so that its encoding can be told'),
      })
      .refine(({ content, base64 }) => (content === undefined) !== (base64 === undefined), {
        path: ['content'],
        message: 'give the text of the file in content, or its bytes in base64',
      }),
    output: Entered,
    run: (world, { name, content = '', base64 }, actor) =>
      enter(world, tasksOfBytes(Buffer.from(base64 ?? content, base64 === undefined ? 'utf8' : 'base64'), name), loggedAs(actor)),
  }),
  edit_task: operation({
    title: 'Change a task that waits; keys that are null go back to their default',
    lan: 'task',
    refusals: ['VIV_INVALID_INPUT', 'VIV_TASK_NOT_FOUND', 'VIV_TASK_CONFLICT'],
    input: z.object({ task_id: z.string(), changes: z.record(z.string(), z.unknown()) }),
    output: z.object({ task_id: z.string(), status: TaskStatus, task: Task }),
    run: (world, { task_id, changes }, actor) => edit(world, task_id, changes, loggedAs(actor)),
  }),
};

async function enter(world: World, tasks: readonly Task[], who: string, dryRun = false) {
  const store = await world.tasks();
  if (!dryRun) {
    const { added, known } = await world.intake.enter(store, tasks, who);
    return { added: [...added], known: [...known] };
  }
  refuseFaulty(await world.intake.check(store, tasks), tasks);
  return { added: [], known: [] };
}

/** Every task is read before any enters; all faults come back together, each under its field. */
function readTasks(inputs: readonly unknown[], listed: boolean): Task[] {
  const read = inputs.map((input, index) => readTask(withId(input), listed ? `tasks[${index}]` : '', 'body'));
  const problems = read.flatMap((one) => (Array.isArray(one) ? one : []));
  if (problems.length > 0) throw new InvalidInputError('The task was not added', problems, 'Correct these and add again');
  return read.flatMap((one) => (Array.isArray(one) ? [] : [one]));
}

function withId(task: unknown): unknown {
  if (typeof task !== 'object' || task === null || Array.isArray(task)) return task;
  return 'id' in task && task.id !== '' ? task : { ...task, id: `task-${ulid().toLowerCase()}` };
}

async function edit(world: World, id: string, changes: Record<string, unknown>, who: string) {
  const store = await world.tasks();
  const record = store.get(id);
  if (record === undefined) throw new TaskNotFoundError(id);
  if ('id' in changes && changes['id'] !== id) throw unchanged([{ field: 'id', message: 'an id stays as it is' }]);
  const task = readTask({ ...record.task, ...changes });
  if (Array.isArray(task)) throw unchanged(task);
  const faults = newFaults(await world.intake.check(store, [task]), await world.intake.check(store, [record.task]));
  if (faults.length > 0) throw unchanged(fieldProblems(faults, 1));
  const changed = await store.decide(id, { kind: 'edit', task }, who);
  return { task_id: id, status: changed.status, task: changed.task };
}

const unchanged = (problems: readonly FieldProblem[]) => new InvalidInputError('The task was not changed', problems);
