export { openLocalRunner } from './runner.ts';
export type * from './types.ts';
