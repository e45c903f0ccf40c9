import { canonicalTask, Task } from '../../contract/task.ts';
import { nearest } from '../text/nearest.ts';

/** A key of the file whose value nobody reads, though it seems to hold tasks. */
export interface Unread {
  /** Empty: the file itself. */
  readonly field: string;
  readonly message: string;
}

type Json = Readonly<Record<string, unknown>>;
const LISTS = ['tasks', 'completed', 'failed'] as const;

/** What in the file was meant as tasks and is not read as such. `unknown` are the keys that have no meaning here. */
export function unreadTasks(json: Json, unknown: Json): Unread[] {
  const listed = LISTS.some((key) => isList(json[key]));
  if (!listed && isBareTask(json))
    return [{ field: '', message: 'the file holds one bare task; write {"tasks": [ … ]} around it' }];
  const wrong = LISTS.filter((key) => !isAbsent(json[key]) && !isList(json[key]));
  return [
    ...wrong.map((field) => ({ field, message: 'must be a list: write [ … ]; nothing in it was read' })),
    ...Object.entries(unknown).flatMap(([key, value]) => misnamed(key, value, isAbsent(json['tasks']))),
  ];
}

/** A key near `tasks` that holds anything that could be tasks; while `tasks` is missing, also any other that holds tasks. */
function misnamed(key: string, value: unknown, missing: boolean): Unread[] {
  const near =
    nearest(key, ['tasks']) !== undefined && typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  if (near) return [{ field: key, message: `"${key}" is not read; did you mean "tasks"? Nothing in it entered` }];
  if (!missing || !isList(value) || !value.some(isTask)) return [];
  return [{ field: key, message: `"${key}" is not read; tasks stand in a list named "tasks". Nothing in it entered` }];
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null;
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isTask = (value: unknown): boolean => Task.safeParse(canonicalTask(value)).success;

/** Whole or not: an id, a prompt or a command stands at the top of the file. */
function isBareTask(json: Json): boolean {
  const task = canonicalTask(json);
  const fields = typeof task === 'object' && task !== null ? Object.entries(task) : [];
  return fields.some(([key, value]) => ['id', 'prompt', 'command'].includes(key) && typeof value === 'string');
}
