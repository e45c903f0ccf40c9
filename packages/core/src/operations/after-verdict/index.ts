export { followVerdict, type VerdictDeps } from './follow-verdict.ts';
export { FOLLOWED_STATUSES, type HeardVerdicts, hearVerdicts, isVerdict } from './hear-verdicts.ts';
export { rememberOutcome } from './remember-outcome.ts';
