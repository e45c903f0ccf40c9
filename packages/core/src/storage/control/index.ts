export { internalToken } from './internal-token.ts';
export { type Switches, type SwitchReason, type SwitchState, switches } from './switches.ts';
