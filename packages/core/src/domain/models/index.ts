export {
  chooseModel,
  estimateUsd,
  LOW_WATER_SHARE,
  type ModelAnswer,
  type ModelQuestion,
  type ModelRule,
  type OfferedModel,
} from './choose.ts';
export { type Complexity, complexityOf } from './complexity.ts';
export { affordableTokens, type CallEstimate, costOf, estimateCall, inputBound, type TokenUsage } from './cost.ts';
export { FAILURES_TO_RAISE, failuresAt, HALF_LIFE_MS, ModelHistory, patternOf, remembered } from './history.ts';
export { type ModelPast, type ModelRun, modelRuns, pastOf } from './runs.ts';
