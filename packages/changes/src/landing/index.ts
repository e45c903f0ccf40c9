export type { CheckpointTaken, LandDeps, LandEnd } from './deps.ts';
export { landChange, recoverLanding } from './land.ts';
