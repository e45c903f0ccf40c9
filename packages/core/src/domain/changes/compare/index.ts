export * from './alive.ts';
export * from './inventory.ts';
export * from './kept.ts';
export * from './red-first.ts';
