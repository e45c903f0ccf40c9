export * from './critic.ts';
export * from './http.ts';
export * from './rules.ts';
export * from './tests.ts';
export * from './text.ts';
export * from './witnesses.ts';
