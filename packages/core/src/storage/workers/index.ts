export { type LockFiles, lockFiles } from './lock-files.ts';
export { currentBoot, identifyProcess, isProvablyDead, type ProcessIdentity } from './process-proof.ts';
export { beatMs, type WorkerRegistry, workerRegistry } from './worker-registry.ts';
