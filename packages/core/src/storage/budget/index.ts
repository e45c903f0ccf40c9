export { type FileBudgetLedger, openBudgetLedger } from './ledger.ts';
