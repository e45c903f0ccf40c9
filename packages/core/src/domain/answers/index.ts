export * from './json.ts';
export * from './shape.ts';
export * from './verdict.ts';
