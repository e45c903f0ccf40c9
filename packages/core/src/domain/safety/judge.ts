import type { SafetyCheck } from '../../contract/outcome.ts';
import { DEFAULT_MIN_BUDGET_USD } from '../../contract/task.ts';
import { type Forms, formsOf } from './normalise.ts';
import type { CompiledRule, SafetyRules } from './rules.ts';
import type { SafetyContext, SafetySubject, SafetyVerdict, UntrustedText, UntrustedVerdict } from './types.ts';

const TEXT_CHECKS = ['constitutional', 'workspace', 'network', 'prompt_injection'] as const;
/** How far before a match its grammar is looked at. */
const MENTION_REACH = 120;

/**
 * Judge what is about to be executed. Every check runs and is named in the verdict; the first that fails gives the
 * reason. The verdict rests on what the text asks for: no word in it, and nobody who wrote it, switches a check off.
 * Untrusted text never fails a task; what reads like an instruction in it is to be left out.
 */
export function judge(subject: SafetySubject, rules: SafetyRules, context: SafetyContext): SafetyVerdict {
  const text = subject.text.trim();
  const forms = formsOf(text);
  const untrusted = (subject.untrusted ?? []).map((part) => judgeUntrusted(part, rules));
  const checks: SafetyCheck[] = TEXT_CHECKS.map((check) => {
    if (text === '')
      return {
        check,
        passed: false,
        rule: 'subject.empty',
        reason: 'there is no text to judge',
        fix: 'Give the task a prompt or a command',
      };
    const found = rules.rules.find((rule) => rule.check === check && rule.kinds.includes(subject.kind) && breaks(forms, rule));
    if (found) return { check, passed: false, rule: found.id, reason: found.reason, fix: found.fix };
    return check === 'prompt_injection' ? withNotes({ check, passed: true }, untrusted) : { check, passed: true };
  });
  checks.push(judgeBudget(subject, rules, context));
  const failed = checks.find((check) => !check.passed);
  if (!failed) return { passed: true, checks, untrusted };
  return {
    passed: false,
    checks,
    blocked_reason: `${failed.check} rule ${failed.rule ?? ''}: ${failed.reason ?? ''}`,
    untrusted,
  };
}

/** Whether a text breaks a rule: a pattern occurs somewhere and what stands before it does not make it a statement. */
function breaks(forms: Forms, rule: CompiledRule): boolean {
  const text = forms[rule.on];
  return rule.patterns.some((pattern) => {
    // Looking first is many times cheaper than an iterator, and most patterns occur nowhere.
    if (text.search(pattern) < 0) return false;
    for (const match of text.matchAll(pattern)) {
      const before = text.slice(Math.max(0, match.index - MENTION_REACH), match.index);
      if (!rule.mention?.test(before)) return true;
    }
    return false;
  });
}

function judgeUntrusted({ origin, text }: UntrustedText, rules: SafetyRules): UntrustedVerdict {
  const forms = formsOf(text);
  const found = rules.rules.find((rule) => rule.kinds.includes('prompt') && breaks(forms, rule));
  return found ? { origin, drop: true, rule: found.id } : { origin, drop: false };
}

function withNotes(check: SafetyCheck, untrusted: readonly UntrustedVerdict[]): SafetyCheck {
  const dropped = untrusted.filter(({ drop }) => drop);
  if (dropped.length === 0) return check;
  const named = dropped.slice(0, 5).map(({ origin, rule }) => `${origin} (${rule ?? ''})`);
  return { ...check, reason: `untrusted text was left out: ${named.join(', ')}` };
}

/** A `min_budget` that nobody wrote is no contradiction; what a small `max_budget` cannot pay for is held, not blocked. */
function judgeBudget({ task, kind }: SafetySubject, rules: SafetyRules, context: SafetyContext): SafetyCheck {
  const { min_budget, max_budget } = task;
  const check = 'budget';
  if (![min_budget, max_budget].every((amount) => Number.isFinite(amount) && amount >= 0)) {
    return {
      check,
      passed: false,
      rule: 'budget.not_a_number',
      reason: 'a budget is not a number of US dollars',
      fix: 'Use numbers from 0 up',
    };
  }
  if (min_budget > max_budget && min_budget !== DEFAULT_MIN_BUDGET_USD) {
    const { id, reason, fix } = rules.budget;
    return { check, passed: false, rule: id, reason, fix };
  }
  if (context.cap_exhausted === true && kind === 'prompt') {
    const fix = 'Raise SWARM_BUDGET_LIMIT or reset the budget, then retry the task';
    return { check, passed: false, rule: 'budget.cap_exhausted', reason: 'the budget of the run is used up', fix };
  }
  return { check, passed: true };
}
