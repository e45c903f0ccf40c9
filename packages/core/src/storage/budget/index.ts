export { type FileBudgetLedger, type Orphan, openBudgetLedger } from './ledger.ts';
export { readBudget } from './read.ts';
