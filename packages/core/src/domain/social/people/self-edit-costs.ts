import { NUMBERS } from '../kit/numbers.ts';
import { markersIn, wordCount } from '../kit/text.ts';

/** What a renaming costs: more, the longer a name has been worn. */
export function respecCost(sessions: number): number {
  return NUMBERS.respec_base + NUMBERS.respec_per_session * sessions;
}

/** Share that a well reflected reason gives back on a renaming. */
export function respecRefundRate(reason: string): number {
  const [words, markers] = [wordCount(reason), markersIn(reason).length];
  if (words >= 50 && markers >= 2) return 0.45;
  if (words >= 30 && markers >= 1) return 0.35;
  return words >= 20 ? 0.25 : 0.2;
}

/** The same for a changed core value, which knows no tier for length alone. */
export function coreRefundRate(reason: string): number {
  const rate = respecRefundRate(reason);
  return rate === 0.25 ? 0.2 : rate;
}

export function mutableCost(sessions: number): number {
  return Math.max(1, Math.floor((respecCost(sessions) * 100 * NUMBERS.mutable_cost_share) / 100 + 1e-9));
}

export function mutableRefundRate(reason: string): number {
  if (wordCount(reason) >= 20 && markersIn(reason).length >= 1) return 0.25;
  return reason.trim().length >= 10 ? 0.1 : 0;
}

/** What one more item of a core list costs when it holds `held` already. */
export function coreItemCost(held: number): number {
  if (held < NUMBERS.core_free_items) return 0;
  return Math.floor(NUMBERS.core_item_base * NUMBERS.core_item_factor ** (held - NUMBERS.core_free_items));
}

export function refund(gross: number, rate: number): number {
  return Math.floor(gross * rate + 1e-9);
}
