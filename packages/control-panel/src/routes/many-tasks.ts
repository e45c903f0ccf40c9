import { CATALOGUE, InvalidInputError, OPEN_STATUSES, TaskNotFoundError, TaskStatus as TaskStatusSchema } from '@vivarium/core';
import { z } from 'zod';
import { RequestRefused } from '../http/refused.ts';
import { done, route } from '../http/route.ts';
import { pageTasks } from '../presenters/page-tasks.ts';
import type { Projections } from '../projections/projections.ts';
import { BulkAnswer, GraphAnswer, TaskAdded, TaskEdited } from '../protocol/tasks.ts';
import { perform } from '../world/perform.ts';
import type { World } from '../world/world.ts';
import { does } from './does.ts';

const MOST_AT_ONCE = 1000;
const MOST_NODES = 150;

const { verb, ids, reason } = CATALOGUE.decide_many.input.shape;
const Bulk = z.strictObject({
  verb,
  ids: ids.optional(),
  status: z.array(TaskStatusSchema).optional().describe('Instead of ids: every task in these statuses'),
  text: z.string().max(200).optional(),
  resident: z.string().max(128).optional(),
  reason,
  dry_run: z.boolean().default(false).describe('Only count'),
});
const Graph = z.object({
  focus: z.string().max(128).optional(),
  levels: z.coerce.number().int().min(1).max(12).default(3),
});

/** What concerns many tasks at once: decisions in bulk, a file of tasks, their graph; and editing one. */
export function manyTasksRoutes(world: World, projections: Projections) {
  return [
    route({
      method: 'post',
      path: '/api/tasks/bulk',
      entry: 'decide_many',
      body: Bulk,
      answer: BulkAnswer,
      run: ({ body }) => bulk(world, projections, body),
    }),
    does(world, 'import_tasks', {
      method: 'post',
      path: '/api/tasks/import',
      named: {},
      status: 201,
      answer: TaskAdded,
      show: ({ added, known }) => done({ task_ids: [...added, ...known], known }),
    }),
    route({
      method: 'get',
      path: '/api/graph',
      entry: 'task_graph',
      query: Graph,
      answer: GraphAnswer,
      run: ({ query }) => graph(world, projections, query),
    }),
    route({
      method: 'post',
      path: '/api/tasks/:id/edit',
      entry: 'edit_task',
      body: z.record(z.string(), z.unknown()),
      answer: TaskEdited,
      run: async ({ params, body }) => done(await perform(world, 'edit_task', { task_id: params.id, changes: body })),
    }),
  ];
}

async function bulk(world: World, projections: Projections, body: z.infer<typeof Bulk>): Promise<BulkAnswer> {
  const ids = body.ids ?? matching(world, projections, body);
  if (body.dry_run) return done({ matched: ids.length, done: [], refused: [] });
  const { left, ...decided } = await perform(world, 'decide_many', { verb: body.verb, ids: [...ids], reason: body.reason });
  for (const each of left) world.log.error({}, each);
  return done({ matched: ids.length, ...decided });
}

function matching(world: World, { doers }: Projections, { status, text, resident }: z.infer<typeof Bulk>): readonly string[] {
  if (status === undefined && text === undefined && resident === undefined)
    throw new InvalidInputError('The body', [{ field: 'ids', message: 'name the tasks, or a status, a text or a resident' }]);
  const query = { limit: MOST_AT_ONCE, ...(status ? { statuses: status } : {}), ...(text ? { text } : {}) };
  return pageTasks(world, doers, query, { resident }).rows.map(({ id }) => id);
}

/** Everything while it fits one picture; else a neighbourhood: of the focus, or of the newest open task. */
function graph(world: World, { dependents }: Projections, { focus, levels }: z.infer<typeof Graph>): GraphAnswer {
  const { store, rowOf } = world;
  const { total } = store.counts();
  const rowsOf = (ids: readonly string[]) =>
    ids.flatMap((id) => {
      const record = store.get(id);
      return record ? [rowOf(record)] : [];
    });
  if (focus !== undefined && store.get(focus) === undefined) throw new TaskNotFoundError(focus);
  if (focus === undefined && total <= MOST_NODES) {
    const { records } = store.list({ limit: MOST_NODES });
    return done({ nodes: records.map(rowOf), focus: null, more: false, total });
  }
  const centre = focus ?? store.list({ statuses: OPEN_STATUSES, order: 'newest', limit: 1 }).records[0]?.task.id;
  const start = centre ?? store.list({ order: 'newest', limit: 1 }).records[0]?.task.id;
  if (start === undefined) throw new RequestRefused(404, 'VIV_NOT_FOUND', 'There is no task yet');
  const { ids, more } = dependents.around(start, levels, MOST_NODES);
  return done({ nodes: rowsOf(ids), focus: start, more, total });
}
