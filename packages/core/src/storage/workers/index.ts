export { type LockFiles, lockFiles, readLock } from './lock-files.ts';
export { type Hindrance, hindrances } from './machine.ts';
export { type Fate, fateOf, identifyProcess } from './process-proof.ts';
export { beatMs, type WorkerRegistry, workerRegistry } from './worker-registry.ts';
