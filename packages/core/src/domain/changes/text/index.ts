export * from './size.ts';
export * from './text.ts';
