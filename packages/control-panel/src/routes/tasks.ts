import {
  InvalidInputError,
  type PersonCommand,
  readTask,
  type Task,
  TaskNotFoundError,
  type TaskRecord,
  TaskStatus,
} from '@vivarium/core';
import { ulid } from 'ulid';
import { z } from 'zod';
import { done, route } from '../http/route.ts';
import { detailOf, explanationOf } from '../presenters/detail.ts';
import { pageTasks } from '../presenters/page-tasks.ts';
import type { Doers } from '../projections/doers.ts';
import { ExplanationAnswer, LiveText, TaskAdded, TaskDecided, TaskDetail, TaskPage } from '../protocol/tasks.ts';
import { liveText } from '../upstream/live.ts';
import { PERSON, type World } from '../world/world.ts';
import { decideHere } from './decide.ts';
import type { Services } from './work.ts';

const Query = z.object({
  status: z.string().optional().describe('One or more statuses, comma-separated'),
  text: z.string().max(200).optional().describe('Words in id or prompt'),
  resident: z.string().max(128).optional().describe('Who does it, or did it last'),
  min_cost: z.coerce.number().min(0).optional().describe('US dollars spent at least'),
  held: z.stringbool().optional().describe('Only those that wait for a person, or none of them'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional().describe("A former page's next_cursor"),
  order: z.enum(['newest', 'oldest']).default('newest'),
});

const Reason = z.strictObject({ reason: z.string().trim().min(1, 'say why, so that the next attempt can do better').max(4000) });
const Note = z.strictObject({ note: z.string().max(4000).optional() });
const MaybeReason = z.strictObject({ reason: z.string().max(4000).optional() });

/** Reading tasks, adding them, and a person's decisions about them. */
export function taskRoutes(world: World, services: Services) {
  return [...reading(world, services), ...deciding(world)];
}

function reading(world: World, { projections }: Services) {
  return [
    route({
      method: 'get',
      path: '/api/tasks',
      summary: 'Tasks, a page at a time',
      query: Query,
      answer: TaskPage,
      run: ({ query }) => page(world, projections.doers, query),
    }),
    route({
      method: 'post',
      path: '/api/tasks',
      summary: 'Add a task, or several under `tasks`, all or none',
      body: z.unknown(),
      status: 201,
      answer: TaskAdded,
      run: ({ body }) => addTasks(world, body),
    }),
    route({
      method: 'get',
      path: '/api/tasks/:id',
      summary: 'One task with history, output and reasons',
      answer: TaskDetail,
      run: ({ params }) => detailOf(world, recordOf(world, params.id), projections),
    }),
    route({
      method: 'get',
      path: '/api/tasks/:id/live',
      summary: 'What the model of a running task has said so far',
      answer: LiveText,
      run: ({ params }) => liveText(world, recordOf(world, params.id).task.id),
    }),
    route({
      method: 'get',
      path: '/api/tasks/:id/explain',
      summary: 'Who or what moves the task next, and the action that helps',
      answer: ExplanationAnswer,
      run: async ({ params }) => done({ ...(await explanationOf(world, recordOf(world, params.id).task.id)) }),
    }),
  ];
}

function deciding(world: World) {
  const max_attempts = world.config.maxRequeueAttempts;
  const decide = async (id: string | undefined, command: PersonCommand) => {
    const record = await decideHere(world, idOf(world, id), command);
    return done({ task_id: record.task.id, status: record.status, task: world.rowOf(record) });
  };
  return [
    route({
      method: 'post',
      path: '/api/tasks/:id/approve',
      summary: 'Accept a held task',
      body: Note,
      answer: TaskDecided,
      run: ({ params, body }) => decide(params.id, { kind: 'approve', ...(body.note ? { note: body.note } : {}) }),
    }),
    route({
      method: 'post',
      path: '/api/tasks/:id/reject',
      summary: 'Send a held task round again, with the reason',
      body: Reason,
      answer: TaskDecided,
      run: ({ params, body }) => decide(params.id, { kind: 'reject', reason: body.reason, max_attempts }),
    }),
    route({
      method: 'post',
      path: '/api/tasks/:id/retry',
      summary: 'Queue a failed, blocked or cancelled task again',
      body: z.strictObject({}),
      answer: TaskDecided,
      run: ({ params }) => decide(params.id, { kind: 'retry' }),
    }),
    route({
      method: 'post',
      path: '/api/tasks/:id/cancel',
      summary: 'Take a task out of the queue',
      body: MaybeReason,
      answer: TaskDecided,
      run: ({ params, body }) => decide(params.id, { kind: 'cancel', ...(body.reason ? { reason: body.reason } : {}) }),
    }),
  ];
}

function page(world: World, doers: Doers, query: z.infer<typeof Query>): TaskPage {
  const { resident, min_cost, held } = query;
  const list = {
    limit: query.limit,
    order: query.order,
    ...(query.status ? { statuses: statusesOf(query.status) } : {}),
    ...(query.text ? { text: query.text } : {}),
    ...(query.cursor ? { cursor: query.cursor } : {}),
  };
  const { rows, next } = pageTasks(world, doers, list, { resident, minCost: min_cost, held });
  return done({ tasks: rows, next_cursor: next ?? null, counts: world.store.counts() });
}

function statusesOf(list: string): TaskStatus[] {
  const parsed = z.array(TaskStatus).safeParse(
    list
      .split(',')
      .map((word) => word.trim())
      .filter(Boolean),
  );
  if (parsed.success) return parsed.data;
  throw new InvalidInputError('The query', [{ field: 'status', message: `use ${TaskStatus.options.join(', ')}` }]);
}

async function addTasks(world: World, body: unknown): Promise<TaskAdded> {
  const many = typeof body === 'object' && body !== null && 'tasks' in body && Array.isArray(body.tasks);
  const inputs: readonly unknown[] = many && 'tasks' in body && Array.isArray(body.tasks) ? body.tasks : [body];
  const { added, known } = await world.intake.enter(world.store, readTasks(inputs, many), PERSON);
  return done({ task_ids: [...added, ...known], known });
}

/** Check every task before any enters; all faults come back together, each under its field. */
function readTasks(inputs: readonly unknown[], many: boolean): Task[] {
  const read = inputs.map((input, index) => readTask(withId(input), many ? `tasks[${index}]` : '', 'body'));
  const problems = read.flatMap((one) => (Array.isArray(one) ? one : []));
  if (inputs.length === 0) problems.push({ field: 'tasks', message: 'give at least one task' });
  if (problems.length > 0) throw new InvalidInputError('The task was not added', problems);
  return read.flatMap((one) => (Array.isArray(one) ? [] : [one]));
}

function withId(task: unknown): unknown {
  if (typeof task !== 'object' || task === null || Array.isArray(task)) return task;
  return 'id' in task && task.id !== '' ? task : { ...task, id: `task-${ulid().toLowerCase()}` };
}

function recordOf(world: World, id: string | undefined): TaskRecord {
  const record = id === undefined ? undefined : world.store.get(id);
  if (record === undefined) throw new TaskNotFoundError(id ?? '');
  return record;
}

function idOf(world: World, id: string | undefined): string {
  return recordOf(world, id).task.id;
}
