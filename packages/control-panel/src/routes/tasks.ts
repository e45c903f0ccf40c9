import { InvalidInputError, type OutputOf, TaskNotFoundError, type TaskRecord, TaskStatus } from '@vivarium/core';
import { z } from 'zod';
import { done, route } from '../http/route.ts';
import { detailOf, explanationOf } from '../presenters/detail.ts';
import { pageTasks } from '../presenters/page-tasks.ts';
import type { Doers } from '../projections/doers.ts';
import { ExplanationAnswer, LiveText, TaskAdded, TaskDecided, TaskDetail, TaskPage } from '../protocol/tasks.ts';
import { liveText } from '../upstream/live.ts';
import { perform } from '../world/perform.ts';
import type { World } from '../world/world.ts';
import { does } from './does.ts';
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

/** Reading tasks, adding them, and a person's decisions about them. */
export function taskRoutes(world: World, services: Services) {
  return [...reading(world, services), ...deciding(world)];
}

function reading(world: World, { projections }: Services) {
  return [
    route({
      method: 'get',
      path: '/api/tasks',
      entry: 'list_tasks',
      query: Query,
      answer: TaskPage,
      run: ({ query }) => page(world, projections.doers, query),
    }),
    route({
      method: 'post',
      path: '/api/tasks',
      entry: 'add_tasks',
      body: z.unknown(),
      status: 201,
      answer: TaskAdded,
      run: ({ body }) => addTasks(world, body),
    }),
    route({
      method: 'get',
      path: '/api/tasks/:id',
      entry: 'show_task',
      answer: TaskDetail,
      run: ({ params }) => detailOf(world, recordOf(world, params.id), projections),
    }),
    route({
      method: 'get',
      path: '/api/tasks/:id/live',
      entry: 'watch_task',
      answer: LiveText,
      run: ({ params }) => liveText(world, recordOf(world, params.id).task.id),
    }),
    route({
      method: 'get',
      path: '/api/tasks/:id/explain',
      entry: 'explain_task',
      answer: ExplanationAnswer,
      run: async ({ params }) => done({ ...(await explanationOf(world, recordOf(world, params.id).task.id)) }),
    }),
  ];
}

function deciding(world: World) {
  const route = { method: 'post', named: { id: 'task_id' }, answer: TaskDecided } as const;
  const show = ({ task_id, status, left }: OutputOf<'approve'>) => {
    for (const each of left) world.log.error({ task_id }, each);
    return done({ task_id, status, task: world.rowOf(recordOf(world, task_id)) });
  };
  return [
    does(world, 'approve', { ...route, path: '/api/tasks/:id/approve', show }),
    does(world, 'reject', { ...route, path: '/api/tasks/:id/reject', show }),
    does(world, 'retry', { ...route, path: '/api/tasks/:id/retry', show }),
    does(world, 'cancel', { ...route, path: '/api/tasks/:id/cancel', show }),
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
  const tasks: readonly unknown[] = many && Array.isArray(body.tasks) ? body.tasks : [body];
  const { added, known } = await perform(world, 'add_tasks', { tasks: [...tasks], listed: many });
  return done({ task_ids: [...added, ...known], known });
}

function recordOf(world: World, id: string | undefined): TaskRecord {
  const record = id === undefined ? undefined : world.store.get(id);
  if (record === undefined) throw new TaskNotFoundError(id ?? '');
  return record;
}
