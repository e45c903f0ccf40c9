import type { CycleRequest, Refused } from '@vivarium/core';

/** What a tool answers: new ids stand beside `ok` under their own names. A refusal changed nothing. */
export type ToolAnswer = (Readonly<Record<string, unknown>> & { readonly ok: true }) | Refused;

/** Whose act it is, and under which key it happens once. */
export interface Actor {
  readonly identity_id: string;
  readonly task_id: CycleRequest['task_id'];
  /** `<execution_key>/<step>.<index>`. */
  readonly key: string;
}

/** Every text in a value, however deep it lies. */
export function textsIn(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > 6) return [];
  return Object.values(value).flatMap((item) => textsIn(item, depth + 1));
}
