export {
  CORRUPT_MARK,
  enterWorld,
  hindrances,
  internalToken,
  type LockFiles,
  listSegments,
  lockFiles,
  openQueueFile,
  openSharedLog,
  QUEUE_FILE_ACTOR,
  type QueueFile,
  readLock,
  readQueueFindings,
  readSkill,
  skillLibrary,
  verifyLedger,
} from '@vivarium/storage-files';
export { openBackend } from './open-backend.ts';
export { openSwitches } from './open-switches.ts';
export { openWorld } from './open-world.ts';
export { startersOf } from './starters.ts';
