import type { Refused } from '@vivarium/core';

/** What a tool answers a resident. A refusal changed nothing. */
export type WorkAnswer = (Readonly<Record<string, unknown>> & { readonly ok: true }) | Refused;

export interface Worked {
  readonly answer: WorkAnswer;
  /** What of the project was read, in words: its text keeps its origin for the rest of the cycle. */
  readonly origin?: string;
}

export const done = (answer: Readonly<Record<string, unknown>>, origin?: string): Worked => ({
  answer: { ok: true, ...answer },
  ...(origin === undefined ? {} : { origin }),
});

/** The first items of a list, and how many more there are. */
export function firstOf<T>(items: readonly T[], most: number): { readonly items: readonly T[]; readonly more?: number } {
  return items.length <= most ? { items } : { items: items.slice(0, most), more: items.length - most };
}
