import type { ReservationRequest } from '../../ports/budget.ts';
import { type BudgetFold, reservedAt, spentAt } from './fold.ts';
import { type Level, levelsOf } from './levels.ts';
import { ceilNano } from './money.ts';

export type Admission =
  | { readonly kind: 'grant'; readonly amount: number }
  /** Others' reservations at this purse stand in the way; they will be settled. */
  | { readonly kind: 'wait'; readonly level: Level }
  /** Spent money stands in the way; waiting cannot help. */
  | { readonly kind: 'refuse'; readonly level: Level; readonly left: number };

/**
 * May this call reserve at this moment? It gets all it asks for when that is left, less when spending leaves less, and
 * waits while only others' reservations are between it and that sum: a clamped answer is a worse answer for the same
 * prompt, so a call is clamped by money that is gone, not by money that may come back. One that says what is enough waits for
 * no more than that, and beyond it leaves half of what is free to others. `inflight` is what this process
 * asked for and has not read back.
 */
export function admit(
  fold: BudgetFold,
  request: ReservationRequest,
  inflight: ReadonlyMap<string, number> = new Map(),
): Admission {
  const minimum = ceilNano(request.minimum_usd);
  const levels = levelsOf(fold.cap, request);
  let target = ceilNano(request.amount_usd);
  for (const level of levels) {
    const left = level.cap - spentAt(fold, level.key);
    if (left < minimum) return { kind: 'refuse', level, left: Math.max(0, left) };
    target = Math.min(target, left);
  }
  const enough = Math.min(target, request.enough_usd === undefined ? target : ceilNano(request.enough_usd));
  for (const level of levels) {
    const taken = reservedAt(fold, level.key) + (inflight.get(level.key) ?? 0);
    const free = level.cap - spentAt(fold, level.key) - taken;
    if (free < enough) return { kind: 'wait', level };
    target = Math.min(target, Math.max(enough, Math.floor(free / 2)));
  }
  return { kind: 'grant', amount: target };
}
