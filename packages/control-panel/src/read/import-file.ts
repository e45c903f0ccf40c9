import { decodeFix, decodeText, type FieldProblem, InvalidInputError, linesOf, readTask, type Task } from '@vivarium/core';

interface Raw {
  readonly value: unknown;
  readonly field: string;
  readonly line?: number;
}

/**
 * Every task of a file: a JSON array, an object with `tasks` such as `queue.json`, or JSON lines. All are checked
 * before any enters. @throws InvalidInputError naming each field, and the line where there is one
 */
export function tasksFromFile(bytes: Uint8Array, name: string): Task[] {
  const decoded = decodeText(bytes);
  if (!decoded.ok) throw refused(name, [{ field: 'file', message: decoded.message }], decodeFix(decoded, name));
  const raws = rawTasks(decoded.text, name);
  if (raws.length === 0) throw refused(name, [{ field: 'tasks', message: 'there is no task in it' }]);
  const tasks: Task[] = [];
  const problems: FieldProblem[] = [];
  for (const { value, field, line } of raws) {
    const read = readTask(value, field);
    if (!Array.isArray(read)) tasks.push(read);
    else
      for (const problem of read)
        problems.push(line === undefined ? problem : { ...problem, message: `line ${line}: ${problem.message}` });
  }
  if (problems.length > 0) throw refused(name, problems);
  return tasks;
}

function rawTasks(content: string, name: string): readonly Raw[] {
  let whole: unknown;
  try {
    whole = JSON.parse(content);
  } catch (error) {
    return jsonLines(content, name, error);
  }
  const list = Array.isArray(whole) ? whole : isQueue(whole) ? whole.tasks : [whole];
  return list.map((value: unknown, index) => ({ value, field: list.length === 1 ? '' : `tasks[${index}]` }));
}

function isQueue(value: unknown): value is { tasks: unknown[] } {
  return typeof value === 'object' && value !== null && 'tasks' in value && Array.isArray(value.tasks);
}

function jsonLines(content: string, name: string, whole: unknown): readonly Raw[] {
  const raws: Raw[] = [];
  for (const [index, line] of linesOf(content).entries()) {
    if (line.trim() === '') continue;
    try {
      raws.push({ value: JSON.parse(line), field: `line ${index + 1}`, line: index + 1 });
    } catch (error) {
      const cause = raws.length === 0 ? whole : error;
      const where = raws.length === 0 ? '' : `line ${index + 1} `;
      throw refused(name, [
        { field: 'file', message: `${where}is not valid JSON: ${cause instanceof Error ? cause.message : ''}` },
      ]);
    }
  }
  return raws;
}

function refused(
  name: string,
  problems: readonly FieldProblem[],
  fix = 'Nothing was added; correct these and choose the file again',
): InvalidInputError {
  return new InvalidInputError(`${name} was not imported`, problems, fix);
}
