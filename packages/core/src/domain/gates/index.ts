export * from './describe.ts';
export * from './events.ts';
export * from './fold.ts';
export * from './next.ts';
export * from './rules.ts';
export * from './state.ts';
export * from './view.ts';
