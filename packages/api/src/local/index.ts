export { type LocalOptions, openLocalRunner } from './runner.ts';
export { SHIPPED_SKILLS } from './skills.ts';
export type * from './types.ts';
