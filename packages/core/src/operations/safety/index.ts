export { openSafety, type SafetyGate, type SafetyQuestion } from './safety-gate.ts';
