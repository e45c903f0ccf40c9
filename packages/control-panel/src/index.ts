export { openWorld } from './open-world.ts';
export { type Panel, startPanel } from './panel.ts';
export type { FeedEvent, ServerToClient, Snapshot } from './protocol/feed.ts';
export type { World } from './world/world.ts';
