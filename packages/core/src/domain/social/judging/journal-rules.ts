import { NUMBERS } from '../kit/numbers.ts';
import { markersIn, wordCount } from '../kit/text.ts';

export const VOTES = ['reject', 'accept', 'exceptional', 'gaming'] as const;
export type JournalVote = (typeof VOTES)[number];

const SCORES: Readonly<Record<JournalVote, number>> = { reject: 0, accept: 1, exceptional: 2, gaming: 0 };

export const TIERS = ['basic', 'quality', 'exceptional'] as const;

export interface QualityEstimate {
  readonly tier: (typeof TIERS)[number];
  readonly word_count: number;
  readonly markers_found: readonly string[];
}

/** A hint for readers; it pays nothing. */
export function estimateQuality(content: string): QualityEstimate {
  const word_count = wordCount(content);
  const markers_found = markersIn(content);
  const long = word_count >= 150;
  const tier =
    word_count < 50
      ? 'basic'
      : long && markers_found.length >= 2
        ? 'exceptional'
        : long || markers_found.length >= 1
          ? 'quality'
          : 'basic';
  return { tier, word_count, markers_found };
}

export function attemptCost(penalised: boolean): number {
  return Math.ceil(NUMBERS.journal_attempt_cost * (penalised ? NUMBERS.journal_penalty_multiplier : 1));
}

export interface JournalResult {
  readonly accepted: boolean;
  readonly avg_score: number;
  readonly gaming_votes: number;
  readonly total_votes: number;
  readonly gaming_flagged: boolean;
  readonly refund_rate: number;
  readonly bonus_rate: number;
  readonly refund_tokens: number;
  readonly bonus_tokens: number;
  /** Refund and bonus together, at most twice the cost. */
  readonly total: number;
}

/** What the votes on a journal come to. An accepted one returns at least half of its cost, at most twice. */
export function tally(votes: readonly JournalVote[], cost: number): JournalResult {
  const gaming_votes = votes.filter((vote) => vote === 'gaming').length;
  const total_votes = votes.length;
  const avg_score = votes.reduce((sum, vote) => sum + SCORES[vote], 0) / Math.max(1, total_votes);
  const gaming_flagged = total_votes > 0 && gaming_votes / total_votes >= NUMBERS.journal_gaming_share;
  const facts = { avg_score, gaming_votes, total_votes, gaming_flagged };
  if (gaming_flagged || avg_score < 1)
    return { ...facts, accepted: false, refund_rate: 0, bonus_rate: 0, refund_tokens: 0, bonus_tokens: 0, total: 0 };
  const above = Math.min(1, Math.max(0, avg_score - 1));
  const refund_rate = 0.5 + 0.5 * above;
  const bonus_rate = above ** 1.5;
  const refund_tokens = Math.ceil(cost * refund_rate - 1e-9);
  const bonus_tokens = Math.floor(cost * bonus_rate + 1e-9);
  const total = Math.min(2 * cost, refund_tokens + bonus_tokens);
  return { ...facts, accepted: true, refund_rate, bonus_rate, refund_tokens, bonus_tokens, total };
}
