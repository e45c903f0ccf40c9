/** Keys of a task in the view that the runtime writes and nobody edits. */
const RUNTIME_KEYS: ReadonlySet<string> = new Set(['status', 'attempt', 'status_reason']);

/** A task without what the runtime adds to it in the view. */
export function withoutRuntimeKeys(task: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(task).filter(([key]) => !RUNTIME_KEYS.has(key)));
}

/** Whether two bodies say the same; order of keys and what the runtime adds do not matter. */
export function sameTask(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  return sameValue(withoutRuntimeKeys(a), withoutRuntimeKeys(b));
}

/** The first key in which two bodies differ. */
export function changedKey(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): string | undefined {
  const keys = Object.keys(withoutRuntimeKeys({ ...a, ...b }));
  return keys.find((key) => !sameValue(a[key], b[key]));
}

function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [entries(a), entries(b)];
  const other = new Map(right);
  return left.length === right.length && left.every(([key, value]) => other.has(key) && sameValue(value, other.get(key)));
}

function entries(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, inner]) => inner !== undefined);
}
