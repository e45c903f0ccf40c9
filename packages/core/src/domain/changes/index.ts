export * from './batch.ts';
export * from './edit/index.ts';
export * from './entries.ts';
export * from './events.ts';
export * from './state.ts';
