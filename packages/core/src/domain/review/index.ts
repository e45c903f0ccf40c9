export * from './critic.ts';
export * from './rules.ts';
export * from './text.ts';
export * from './witnesses.ts';
