import { buffer } from 'node:stream/consumers';
import {
  decodeFix,
  decodeText,
  type FieldProblem,
  InvalidInputError,
  linesOf,
  readJson,
  readTask,
  readTextFile,
  type Task,
} from '@vivarium/core';

/** A task as it stands in a file, with the line it begins on when that is known. */
interface Raw {
  readonly value: unknown;
  readonly field: string;
  readonly line?: number;
}

/**
 * Every task of a file: a JSON array, an object with `tasks`, or JSON lines; `-` is stdin. All are checked before any
 * is used. @throws InvalidInputError naming each field, and the line where there is one
 */
export async function tasksFromFile(file: string): Promise<Task[]> {
  const content = file === '-' ? textOf(await buffer(process.stdin)) : readText(file);
  const name = file === '-' ? 'stdin' : file;
  const raws = parseTasks(content, name);
  if (raws.length === 0) {
    throw new InvalidInputError(
      name,
      [{ field: 'tasks', message: 'there is no task in it' }],
      'Give a JSON array of tasks or one task a line',
    );
  }
  const tasks: Task[] = [];
  const problems: FieldProblem[] = [];
  for (const { value, field, line } of raws) {
    const read = readTask(value, field);
    if (Array.isArray(read)) problems.push(...read.map((problem) => (line === undefined ? problem : { ...problem, line })));
    else tasks.push(read);
  }
  if (problems.length > 0) throw new InvalidInputError(name, problems, 'Nothing was added; correct these and add the file again');
  return tasks;
}

function parseTasks(content: string, name: string): Raw[] {
  const json = readJson(content);
  if (!json.ok) {
    const lines = jsonLines(content, name);
    if (lines) return lines;
    const problem = { field: 'file', message: `is not valid JSON at column ${json.column}: ${json.message}`, line: json.line };
    throw new InvalidInputError(name, [problem], 'Nothing was added; give a JSON array of tasks or one JSON object a line');
  }
  const whole = json.value;
  if (Array.isArray(whole)) return whole.map((value: unknown, index) => ({ value, field: `tasks[${index}]` }));
  if (typeof whole === 'object' && whole !== null && 'tasks' in whole) {
    if (Array.isArray(whole.tasks)) return whole.tasks.map((value: unknown, index) => ({ value, field: `tasks[${index}]` }));
    throw new InvalidInputError(name, [{ field: 'tasks', message: 'must be an array of tasks' }]);
  }
  return [{ value: whole, field: '' }];
}

/** Undefined when the first line is no JSON by itself: then it was not meant as JSON lines. */
function jsonLines(content: string, name: string): Raw[] | undefined {
  const raws: Raw[] = [];
  for (const [index, line] of linesOf(content).entries()) {
    if (line.trim() === '') continue;
    try {
      raws.push({ value: JSON.parse(line), field: '', line: index + 1 });
    } catch (error) {
      if (raws.length === 0) return undefined;
      const message = `is not valid JSON: ${error instanceof Error ? error.message : String(error)}`;
      throw new InvalidInputError(
        name,
        [{ field: 'task', message, line: index + 1 }],
        'Nothing was added; write one JSON object a line',
      );
    }
  }
  return raws;
}

function readText(file: string): string {
  const read = readTextFile(file);
  if (read.kind === 'read') return read.text;
  const message = read.kind === 'absent' ? 'does not exist' : read.message;
  const fix = read.kind === 'absent' ? 'Name a readable file, or - for stdin' : read.fix;
  throw new InvalidInputError('--file', [{ field: file, message }], fix);
}

function textOf(bytes: Uint8Array): string {
  const decoded = decodeText(bytes);
  if (decoded.ok) return decoded.text;
  throw new InvalidInputError('stdin', [{ field: '--file -', message: decoded.message }], decodeFix(decoded, 'tasks.json'));
}
