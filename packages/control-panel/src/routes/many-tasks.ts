import {
  decideAsPerson,
  type FieldProblem,
  fieldProblems,
  InvalidInputError,
  newFaults,
  OPEN_STATUSES,
  type PersonCommand,
  readTask,
  TaskNotFoundError,
  TaskStatus as TaskStatusSchema,
  tasksOfBytes,
  VivariumError,
} from '@vivarium/core';
import { z } from 'zod';
import { RequestRefused } from '../http/refused.ts';
import { done, route } from '../http/route.ts';
import { pageTasks } from '../presenters/page-tasks.ts';
import type { Projections } from '../projections/projections.ts';
import { BulkAnswer, GraphAnswer, TaskAdded, TaskEdited } from '../protocol/tasks.ts';
import { PERSON, type World } from '../world/world.ts';
import { withConsequences } from './decide.ts';

const MOST_AT_ONCE = 1000;
const MOST_NODES = 150;

const Bulk = z.strictObject({
  verb: z.enum(['approve', 'reject', 'retry', 'cancel']),
  ids: z.array(z.string().max(128)).max(MOST_AT_ONCE).optional(),
  status: z.array(TaskStatusSchema).optional().describe('Instead of ids: every task in these statuses'),
  text: z.string().max(200).optional(),
  resident: z.string().max(128).optional(),
  reason: z.string().trim().max(4000).optional().describe('Needed to reject'),
  dry_run: z.boolean().default(false).describe('Only count'),
});
const Import = z
  .strictObject({
    name: z.string().max(255).default('The file'),
    content: z.string().min(1, 'the file is empty').optional().describe('The text of the file'),
    base64: z.base64().min(1, 'the file is empty').optional().describe('Its bytes instead, so that its encoding can be told'),
  })
  .refine(({ content, base64 }) => (content === undefined) !== (base64 === undefined), {
    path: ['content'],
    message: 'give the text of the file in content, or its bytes in base64',
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
      summary: 'Approve, reject, retry or cancel many tasks; those it does not fit are named',
      body: Bulk,
      answer: BulkAnswer,
      run: ({ body }) => withConsequences(world, () => bulk(world, projections, body)),
    }),
    route({
      method: 'post',
      path: '/api/tasks/import',
      summary: 'Add the tasks of a file, all or none: JSON, JSON lines or a queue.json',
      body: Import,
      status: 201,
      answer: TaskAdded,
      run: ({ body }) => importTasks(world, body),
    }),
    route({
      method: 'get',
      path: '/api/graph',
      summary: 'Tasks and what they wait for, round a focus when there are many',
      query: Graph,
      answer: GraphAnswer,
      run: ({ query }) => graph(world, projections, query),
    }),
    route({
      method: 'post',
      path: '/api/tasks/:id/edit',
      summary: 'Change a task that waits; keys that are null go back to their default',
      body: z.record(z.string(), z.unknown()),
      answer: TaskEdited,
      run: ({ params, body }) => edit(world, params.id, body),
    }),
  ];
}

async function bulk(world: World, projections: Projections, body: z.infer<typeof Bulk>): Promise<BulkAnswer> {
  const ids = body.ids ?? matching(world, projections, body);
  if (body.dry_run) return done({ matched: ids.length, done: [], refused: [] });
  const command = commandOf(world, body);
  const decided: string[] = [];
  const refused: { id: string; error: string }[] = [];
  for (const id of ids) {
    try {
      await decideAsPerson(world, id, command, PERSON);
      decided.push(id);
    } catch (error) {
      if (!(error instanceof VivariumError) || error.status >= 500) throw error;
      refused.push({ id, error: error.message });
    }
  }
  return done({ matched: ids.length, done: decided, refused });
}

function matching(world: World, { doers }: Projections, { status, text, resident }: z.infer<typeof Bulk>): readonly string[] {
  if (status === undefined && text === undefined && resident === undefined)
    throw new InvalidInputError('The body', [{ field: 'ids', message: 'name the tasks, or a status, a text or a resident' }]);
  const query = { limit: MOST_AT_ONCE, ...(status ? { statuses: status } : {}), ...(text ? { text } : {}) };
  return pageTasks(world, doers, query, { resident }).rows.map(({ id }) => id);
}

function commandOf(world: World, { verb, reason }: z.infer<typeof Bulk>): PersonCommand {
  if (verb === 'approve' || verb === 'retry') return { kind: verb };
  if (verb === 'cancel') return { kind: 'cancel', ...(reason ? { reason } : {}) };
  if (reason) return { kind: 'reject', reason, max_attempts: world.config.maxRequeueAttempts };
  throw new InvalidInputError('The body', [{ field: 'reason', message: 'say why, so that the next attempts can do better' }]);
}

async function importTasks(world: World, { name, content = '', base64 }: z.infer<typeof Import>): Promise<TaskAdded> {
  const tasks = tasksOfBytes(Buffer.from(base64 ?? content, base64 === undefined ? 'utf8' : 'base64'), name);
  const { added, known } = await world.intake.enter(world.store, tasks, PERSON);
  return done({ task_ids: [...added, ...known], known });
}

async function edit(world: World, id: string, changes: Record<string, unknown>) {
  const { store, intake } = world;
  const record = store.get(id);
  if (record === undefined) throw new TaskNotFoundError(id);
  if ('id' in changes && changes['id'] !== id) throw unchanged([{ field: 'id', message: 'an id stays as it is' }]);
  const task = readTask({ ...record.task, ...changes });
  if (Array.isArray(task)) throw unchanged(task);
  const faults = newFaults(await intake.check(store, [task]), await intake.check(store, [record.task]));
  if (faults.length > 0) throw unchanged(fieldProblems(faults, 1));
  const changed = await store.decide(id, { kind: 'edit', task }, PERSON);
  return done({ task_id: id, status: changed.status, task: changed.task });
}

const unchanged = (problems: readonly FieldProblem[]) => new InvalidInputError('The task was not changed', problems);

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
