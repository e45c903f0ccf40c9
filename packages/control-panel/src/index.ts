export { type Panel, startPanel } from './panel.ts';
export type * from './protocol.ts';
export type { World } from './world.ts';
