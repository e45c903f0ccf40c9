import type { Task } from '../../contract/task.ts';
import { decodeFix, decodeText, linesOf, readJson } from '../../domain/text/index.ts';
import { type FieldProblem, InvalidInputError } from '../../errors/index.ts';
import { readTask } from './intake.ts';

/** A task as it stands in a file, with the line it begins on when that is known. */
interface Raw {
  readonly value: unknown;
  readonly field: string;
  readonly line?: number;
}

const AGAIN = 'Nothing was added; correct these and add the file again';
const FORMS = 'Nothing was added; give a JSON array of tasks, an object with "tasks", or one JSON object a line';

/**
 * Every task of a text that is called `name`: a JSON array, an object with `tasks` such as `queue.json`, one object, or JSON
 * lines. All are checked before any is used. @throws InvalidInputError naming each field, and the line where there is one
 */
export function tasksOfText(text: string, name: string): Task[] {
  const raws = rawTasks(text, name);
  if (raws.length === 0) throw new InvalidInputError(name, [{ field: 'tasks', message: 'there is no task in it' }], FORMS);
  const tasks: Task[] = [];
  const problems: FieldProblem[] = [];
  for (const { value, field, line } of raws) {
    const read = readTask(value, field);
    if (Array.isArray(read)) problems.push(...read.map((problem) => (line === undefined ? problem : { ...problem, line })));
    else tasks.push(read);
  }
  if (problems.length > 0) throw new InvalidInputError(name, problems, AGAIN);
  return tasks;
}

/** The same of bytes; `file` is the name that a person may type. @throws InvalidInputError for bytes that are no UTF-8, too */
export function tasksOfBytes(bytes: Uint8Array, name: string, file = name): Task[] {
  const decoded = decodeText(bytes);
  if (decoded.ok) return tasksOfText(decoded.text, name);
  throw new InvalidInputError(name, [{ field: 'file', message: decoded.message }], decodeFix(decoded, file));
}

function rawTasks(text: string, name: string): readonly Raw[] {
  const json = readJson(text);
  if (json.ok) return listed(json.value, name);
  const lines = jsonLines(text, name);
  if (lines.length > 0) return lines;
  const message = `is not valid JSON at column ${json.column}: ${json.message}`;
  throw new InvalidInputError(name, [{ field: 'file', message, line: json.line }], FORMS);
}

function listed(whole: unknown, name: string): readonly Raw[] {
  const isQueue = typeof whole === 'object' && whole !== null && 'tasks' in whole;
  const list: unknown = isQueue ? whole.tasks : Array.isArray(whole) ? whole : [whole];
  if (!Array.isArray(list)) throw new InvalidInputError(name, [{ field: 'tasks', message: 'must be an array of tasks' }], FORMS);
  return list.map((value: unknown, index) => ({ value, field: list.length === 1 ? '' : `tasks[${index}]` }));
}

/** None when the first line is no JSON by itself: then it was not meant as JSON lines. */
function jsonLines(text: string, name: string): readonly Raw[] {
  const raws: Raw[] = [];
  for (const [index, content] of linesOf(text).entries()) {
    if (content.trim() === '') continue;
    const json = readJson(content);
    const line = index + 1;
    if (json.ok) raws.push({ value: json.value, field: '', line });
    else if (raws.length === 0) return [];
    else {
      const message = `is not valid JSON at column ${json.column}: ${json.message}`;
      throw new InvalidInputError(name, [{ field: 'task', message, line }], 'Nothing was added; write one JSON object a line');
    }
  }
  return raws;
}
