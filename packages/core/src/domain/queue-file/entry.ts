import { canonicalTask, Task } from '../../contract/task.ts';
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
  const [first, ...others] = read.error.issues.map(({ path, message }) => {
    const steps = path.filter((step) => typeof step !== 'symbol');
    return problemAt(
      entry,
      document,
      steps,
      steps[0] === 'id' && entryId(entry) === undefined ? `needs an id: ${message}` : message,
    );
  });
  if (!first) return { problem: problemAt(entry, document, [], 'is no task') };
  const also = others.map(({ field, line, message }) => `; line ${line}: ${field}: ${message}`);
  return { problem: { ...first, message: first.message + also.join('') } };
}

/** A problem with an entry, at the line of the field it is about (or of the entry, when that stands nowhere). */
export function problemAt(
  entry: FileEntry,
  document: QueueDocument,
  path: readonly (string | number)[],
  message: string,
): QueueProblem {
  const id = entryId(entry);
  const [first, ...rest] = path;
  const keys = typeof first === 'string' ? (Object.hasOwn(WRITTEN_AS, first) && WRITTEN_AS[first]) || [first] : [];
  const written = isObject(entry.raw) ? keys.find((key) => isObject(entry.raw) && entry.raw[key] !== undefined) : undefined;
  const within = written === undefined ? [] : [written, ...rest];
  return {
    ...(id === undefined ? {} : { task_id: id }),
    field: path.length === 0 ? `tasks[${entry.index}]` : path.join('.'),
    line: document.locate.lineOf(['tasks', entry.index, ...within]),
    message,
    refused: entry.raw,
  };
}
