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
