export { carryOut } from './carry-out.ts';
export type { CheckpointTaken, LandDeps, LandEnd } from './deps.ts';
export { bringFiles, reversed } from './files.ts';
export { landChange, recoverLanding } from './land.ts';
export { obstacleTo } from './obstacles.ts';
