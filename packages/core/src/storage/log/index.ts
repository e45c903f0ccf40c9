export { jsonSnapshot } from './json-snapshot.ts';
export { memoryLog } from './memory-log.ts';
export { listSegments, type Segment } from './segments.ts';
export { openSharedLog, type SharedLogOptions } from './shared-log.ts';
export type { SnapshotCodec } from './snapshot.ts';
export { readTail } from './tail.ts';
