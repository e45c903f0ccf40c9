export { type Breakdown, breakdown, DEFAULT_MAX_SUBTASKS, type GutCheck, gutCheck, type Subtask } from './breakdown.ts';
export { splitBudget, type TaskBudget } from './budget.ts';
export {
  type Candidacy,
  type ChildState,
  candidacyOf,
  childId,
  childrenOf,
  depthOf,
  MAX_DEPTH,
  stepFraming,
  type Undo,
  undoOf,
} from './plan.ts';
export {
  BREAKDOWN_SCHEMA,
  type BreakdownRule,
  type BreakdownVerdict,
  breakdownPrompt,
  judgeBreakdown,
  TaskBreakdown,
} from './reply.ts';
export { failedSteps, resultsBlock, type StepResult } from './results.ts';
export { type Signal as ComplexitySignal, signalsOf } from './signals.ts';
