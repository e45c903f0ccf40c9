/** One thing in `queue.json` that was refused. Nothing it asked for was done. */
export interface QueueProblem {
  readonly task_id?: string | undefined;
  /** Dotted path within the task, or of the file's own key. */
  readonly field: string;
  readonly line: number;
  readonly column?: number | undefined;
  readonly message: string;
  /** What the person had written, so that it is not lost. */
  readonly refused?: unknown;
}

/** The same for one problem wherever it has moved in the file, so that it is told once. */
export function problemKey({ task_id, field, message, refused }: QueueProblem): string {
  return JSON.stringify([task_id, field, message, refused]);
}

/** One line for people: file, line, task, field, and what is wrong. */
export function problemLine({ task_id, field, line, column, message }: QueueProblem): string {
  const place = `queue.json line ${line}${column === undefined ? '' : ` column ${column}`}`;
  return `${place}: ${task_id === undefined ? '' : `task ${task_id}: `}${field === '' ? '' : `${field}: `}${message}`;
}
