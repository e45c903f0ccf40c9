export { internalToken } from './internal-token.ts';
export { switches } from './switches.ts';
