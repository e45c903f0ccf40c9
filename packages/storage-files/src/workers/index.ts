export { type LockFiles, lockFiles, readLock } from './lock-files.ts';
export { hindrances } from './machine.ts';
export { workerRegistry } from './worker-registry.ts';
