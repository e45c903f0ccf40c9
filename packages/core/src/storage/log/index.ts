export { type SharedLogOptions, openSharedLog } from './shared-log.ts';
export type { SnapshotCodec } from './snapshot.ts';
export { memoryLog } from './memory-log.ts';
