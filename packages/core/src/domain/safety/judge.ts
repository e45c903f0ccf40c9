import type { SafetyRules } from './rules.ts';
import type { SafetyContext, SafetySubject, SafetyVerdict } from './types.ts';

/** Judge what is about to be executed. Every check runs and is named; the first that fails gives the reason. */
export function judge(_subject: SafetySubject, _rules: SafetyRules, _context: SafetyContext): SafetyVerdict {
  return { passed: false, checks: [], blocked_reason: 'no safety rules', untrusted: [] };
}
