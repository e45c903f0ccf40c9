/** What a wallet holds at most unless a rule says otherwise, in tokens. */
export const FREE_TIME_CAP_TOKENS = 500;
export const JOURNAL_CAP_TOKENS = 200;

const FREE_SHARE_PERCENT = 70;
const MIN_REWARD_TOKENS = 1;
export const MAX_REWARD_TOKENS = 12;

export interface RewardFacts {
  /** US dollars. */
  readonly max_budget: number;
  /** US dollars; absent when the cost is not known, and then nothing is paid. */
  readonly budget_used?: number | undefined;
  /** The reviewer's, 0..1. */
  readonly confidence: number;
  readonly simulated?: boolean | undefined;
}

/**
 * Tokens for approved work that stayed under its budget: up to 8 for the share saved, up to 2 for the reviewer's
 * confidence, each rounded half to even, 1 to 12 together. Work that was simulated or not under budget gets 0.
 */
export function rewardTokens({ max_budget, budget_used, confidence, simulated }: RewardFacts): number {
  if (simulated || budget_used === undefined || !(max_budget > 0) || !(budget_used >= 0)) return 0;
  const savings = max_budget - budget_used;
  if (!(savings > 0)) return 0;
  const ratio = Math.min(1, savings / max_budget);
  const sure = Number.isNaN(confidence) ? 0 : clamp(confidence, 0, 1);
  return clamp(roundHalfEven(8 * ratio) + roundHalfEven(2 * sure), MIN_REWARD_TOKENS, MAX_REWARD_TOKENS);
}

/** Round to the nearest whole number, halves to the even one. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

export interface Grant {
  readonly free: number;
  readonly journal: number;
  /** What found no room under the caps. */
  readonly overflow: number;
  readonly free_capped: boolean;
  readonly journal_capped: boolean;
}

/** 70 % (floored) to free time, the rest to the journal; what exceeds a cap overflows. Never takes anything away. */
export function splitGrant(tokens: number, held: { free: number; journal: number }, freeCap = FREE_TIME_CAP_TOKENS): Grant {
  const freePart = Math.floor((tokens * FREE_SHARE_PERCENT) / 100);
  const journalPart = tokens - freePart;
  const free = clamp(freeCap - held.free, 0, freePart);
  const journal = clamp(JOURNAL_CAP_TOKENS - held.journal, 0, journalPart);
  const overflow = tokens - free - journal;
  return { free, journal, overflow, free_capped: free < freePart, journal_capped: journal < journalPart };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
