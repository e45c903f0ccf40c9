export { covers, globProblem, matches } from './globs.ts';
export { OWN_NEVER } from './names.ts';
export * from './tiers.ts';
