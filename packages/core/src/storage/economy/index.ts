export { type FileTokenLedger, openTokenLedger, type RewardAnswer, type TokenLedgerOptions } from './token-ledger.ts';
export { type LedgerVerdict, verifyLedger } from './verify-ledger.ts';
