export { APPROVAL_MS, isExpired } from './approvals.ts';
export * from './batch.ts';
export * from './edit/index.ts';
export * from './entries.ts';
export * from './events.ts';
export { applyChangeLine, changesRefusal } from './fold.ts';
export * from './state.ts';
export { short, storyOf } from './story.ts';
export * from './view.ts';
