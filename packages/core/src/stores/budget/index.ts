export { type FileBudgetLedger, openBudgetLedger } from './ledger.ts';
export { type BudgetReader, openBudgetReader, readBudget } from './read.ts';
