export { type FileBudgetLedger, openBudgetLedger } from './ledger.ts';
export { readBudget } from './read.ts';
