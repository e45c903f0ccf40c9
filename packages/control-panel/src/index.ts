export { openWorld } from './open-world.ts';
export { type Panel, startPanel } from './panel.ts';
export type * from './protocol.ts';
export type * from './protocol-society.ts';
export type { World } from './world.ts';
