export { type LedgerVerdict, verifyLedger } from './verify-ledger.ts';
