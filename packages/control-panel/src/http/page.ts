import { z } from 'zod';
import { RequestRefused } from './refused.ts';

/** `limit` and `cursor` of a list. The cursor is the key of the last row that was seen. */
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(400).optional().describe("A former page's next_cursor, or the key of its last row"),
});
export type PageQuery = z.infer<typeof PageQuery>;

export interface PageOf<T> {
  readonly rows: readonly T[];
  readonly next_cursor: string | null;
}

/** The rows after the cursor. @throws RequestRefused 400 when no row has the cursor's key */
export function pageOf<T>(all: readonly T[], keyOf: (row: T) => string, { limit, cursor }: PageQuery): PageOf<T> {
  const start = startOf(all, keyOf, cursor);
  const rows = all.slice(start, start + limit);
  const last = rows.at(-1);
  return { rows, next_cursor: last !== undefined && start + limit < all.length ? keyOf(last) : null };
}

export function startOf<T>(all: readonly T[], keyOf: (row: T) => string, cursor: string | undefined): number {
  if (cursor === undefined || cursor === '') return 0;
  const at = all.findIndex((row) => keyOf(row) === cursor);
  if (at === -1)
    throw new RequestRefused(400, 'VIV_BAD_CURSOR', 'cursor: no row has this key', "Use a former page's next_cursor");
  return at + 1;
}

/** A whole number that may also come as digits in a text; anything else stays as it came, to be refused by name. */
export const orDigits = <T extends z.ZodType>(number: T) =>
  z.preprocess((value) => (typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : value), number);
