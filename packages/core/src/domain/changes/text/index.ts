export * from './size.ts';
export * from './test-aware.ts';
export * from './text.ts';
