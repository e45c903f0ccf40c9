export {
  hindrances,
  internalToken,
  type LockFiles,
  lockFiles,
  openQueueFile,
  type QueueFile,
  readLock,
  readQueueFindings,
  readSkill,
  skillLibrary,
  verifyLedger,
} from '@vivarium/storage-files';
export { diagnose, type Finding } from './doctor/index.ts';
export { openSwitches } from './open/backend.ts';
export { startersOf } from './open/starters.ts';
export { openWorld } from './open/world.ts';
export { withQueueFile } from './queue.ts';
