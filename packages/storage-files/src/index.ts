export { internalToken } from './control/index.ts';
export { CORRUPT_MARK, fileDocuments } from './documents/index.ts';
export { fileBackend } from './file-backend.ts';
export { verifyLedger } from './ledger/index.ts';
export { badLinesOf, openSharedLog } from './log/index.ts';
export { openQueueFile, QUEUE_FILE_ACTOR, type QueueFile, readQueueFindings } from './queue-file/index.ts';
export { readSkill, skillLibrary } from './skills/index.ts';
export { hindrances, type LockFiles, lockFiles, readLock } from './workers/index.ts';
export { enterWorld } from './world-version.ts';
