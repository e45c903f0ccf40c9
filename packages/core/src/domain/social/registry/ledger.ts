import { applyToken, emptyTokenFold, type TokenFold } from '../../economy/fold.ts';
import type { TokenRecord } from '../../economy/record.ts';
import { emptySociety, evolve, type Society } from './subjects.ts';

/** Tokens and society: one log, one fold. */
export interface LedgerFold {
  readonly tokens: TokenFold;
  readonly society: Society;
}

export function emptyLedger(): LedgerFold {
  return { tokens: emptyTokenFold(), society: emptySociety() };
}

/**
 * Fold one record: it counts when its key is new, what it rested on still stands, and the tokens are there. Only then does
 * it change the society, so a rule that held when it was decided holds when it counts.
 */
export function applyLedger(fold: LedgerFold, record: TokenRecord, position: number): 'counted' | 'known' | 'void' {
  const verdict = applyToken(fold.tokens, record, position);
  if (verdict === 'counted') evolve(fold.society, record);
  return verdict;
}
