export { listSegments } from './segments.ts';
export { openSharedLog } from './shared-log.ts';
