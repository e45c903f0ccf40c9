import { canonicalTask, Task } from '../../contract/task.ts';
import { fieldProblemLine, fieldProblemsOf } from '../../errors/index.ts';
import { isObject, type QueueDocument } from './document.ts';
import type { QueueProblem } from './problem.ts';
import { withoutRuntimeKeys } from './same-task.ts';

/** What people may have written for a field of the contract, the field itself first. */
const WRITTEN_AS: Readonly<Record<string, readonly string[]>> = {
  prompt: ['prompt', 'instruction', 'description', 'atomic_instruction', 'task'],
  command: ['command', 'shell', 'task'],
  identity_id: ['identity_id', 'resident_identity'],
};

/** One entry of `tasks[]` as the file has it. */
export interface FileEntry {
  readonly index: number;
  readonly raw: unknown;
}

/** The id of an entry when it has a usable one; enough to find the task it speaks of. */
export function entryId({ raw }: FileEntry): string | undefined {
  return isObject(raw) && typeof raw['id'] === 'string' && raw['id'] !== '' ? raw['id'] : undefined;
}

/** The task an entry means, or what is wrong with it: the first field, and in words the others. */
export function readEntry(entry: FileEntry, document: QueueDocument): { task: Task } | { problem: QueueProblem } {
  const raw = isObject(entry.raw) ? withoutRuntimeKeys(entry.raw) : entry.raw;
  const read = Task.safeParse(canonicalTask(raw));
  if (read.success) return { task: read.data };
  const lineOf = (path: Path) => lineIn(entry, document, path);
  const [first, ...others] = fieldProblemsOf(read.error, { at: nameOf(entry), lineOf }).map((problem) =>
    problem.field === 'id' && entryId(entry) === undefined ? { ...problem, message: `needs an id: ${problem.message}` } : problem,
  );
  const whole = problemAt(entry, document, [], 'is not a task');
  if (!first) return { problem: whole };
  return { problem: { ...whole, ...first, message: [first.message, ...others.map(fieldProblemLine)].join('; ') } };
}

/** A problem with an entry, at the line of the field it is about (or of the entry, when that stands nowhere). */
export function problemAt(entry: FileEntry, document: QueueDocument, path: Path, message: string): QueueProblem {
  const id = entryId(entry);
  const field = path.length === 0 ? nameOf(entry) : path.join('.');
  const line = lineIn(entry, document, path);
  return { ...(id === undefined ? {} : { task_id: id }), field, line, message, refused: entry.raw };
}

type Path = readonly (string | number)[];

const nameOf = ({ index }: FileEntry) => `tasks[${index}]`;

/** The line of a field, whatever name the person gave it; of the entry, when it stands nowhere. */
function lineIn(entry: FileEntry, document: QueueDocument, [first, ...rest]: Path): number {
  const keys = typeof first === 'string' ? (Object.hasOwn(WRITTEN_AS, first) && WRITTEN_AS[first]) || [first] : [];
  const written = isObject(entry.raw) ? keys.find((key) => isObject(entry.raw) && entry.raw[key] !== undefined) : undefined;
  const within = written === undefined ? [] : [written, ...rest];
  return document.locate.lineOf(['tasks', entry.index, ...within]);
}
