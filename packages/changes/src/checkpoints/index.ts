export { settleRestores } from './conclude.ts';
export { openCheckpoints } from './open-checkpoints.ts';
export { takeCheckpoint } from './take.ts';
