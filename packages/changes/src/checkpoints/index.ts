export { openCheckpoints } from './open-checkpoints.ts';
export { takeCheckpoint } from './take.ts';
