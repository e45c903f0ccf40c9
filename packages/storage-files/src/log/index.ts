export { badLinesOf } from './bad-lines.ts';
export { openSharedLog } from './shared-log.ts';
