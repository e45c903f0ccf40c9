import { TASK_STATUSES, type TaskRecord, TaskStatus } from '@vivarium/core';
import Table from 'cli-table3';
import { type Command, InvalidArgumentError } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { oneLine, taskLine } from '../shape.ts';
import { count } from '../whole-number.ts';
import { inWorld, type TaskWorld } from '../world.ts';

const PAGE = 1_000;

interface ListOptions {
  status?: TaskStatus[];
  text?: string;
  limit?: number;
  newest?: boolean;
}

/** list: every task, finished and cancelled ones too. */
export function addList(program: Command, door: Door): void {
  const command = program
    .command('list')
    .description('list tasks; all of them unless filtered')
    .option('--status <statuses>', `only these, comma-separated: ${TASK_STATUSES.join(', ')}`, statuses)
    .option('--text <words>', 'only tasks with these words in id or prompt')
    .option('--limit <n>', 'at most this many', count)
    .option('--newest', 'newest first');
  door.asks<[], ListOptions>(command, 'list_tasks', (output, options) => inWorld(async (world) => list(world, output, options)));
}

function list(world: TaskWorld, output: Output, options: ListOptions): number {
  const table = new Table({ head: ['id', 'status', 'attempt', 'what'], style: { head: [], border: [] } });
  let found = 0;
  for (const record of records(world, options)) {
    if (found === options.limit) break;
    found += 1;
    if (output.json) output.result(taskLine(record, world.money), '');
    else
      table.push([record.task.id, standing(record), String(record.attempt), oneLine(taskLine(record, world.money).prompt, 60)]);
  }
  if (!output.json) output.say(found === 0 ? 'no tasks; add one: pnpm worker add <id> "<prompt>"' : `${found} tasks`);
  if (!output.json && found > 0) output.result({}, table.toString());
  return EXIT.done;
}

const standing = (record: TaskRecord): string => (record.hold ? `${record.status} (held)` : record.status);

function* records(world: TaskWorld, options: ListOptions): Generator<TaskRecord> {
  const query = {
    limit: Math.min(PAGE, options.limit ?? PAGE),
    order: options.newest ? 'newest' : 'oldest',
    ...(options.status ? { statuses: options.status } : {}),
    ...(options.text ? { text: options.text } : {}),
  } as const;
  let cursor: string | undefined;
  do {
    const page = world.store.list({ ...query, ...(cursor === undefined ? {} : { cursor }) });
    yield* page.records;
    cursor = page.next;
  } while (cursor !== undefined);
}

function statuses(text: string): TaskStatus[] {
  return text.split(',').map((word) => {
    const read = TaskStatus.safeParse(word.trim());
    if (!read.success) throw new InvalidArgumentError(`"${word.trim()}" is none of: ${TASK_STATUSES.join(', ')}`);
    return read.data;
  });
}
