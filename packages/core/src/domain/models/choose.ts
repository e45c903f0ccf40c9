import { complexityOf } from './complexity.ts';
import { FAILURES_TO_RAISE } from './history.ts';

/** Characters of prompt to a token, for a guess before the call. */
const CHARS_PER_TOKEN = 3.6;
/** Below this share of the task's budget only the cheapest tier is used. */
export const LOW_WATER_SHARE = 0.25;

/** A model that may be called, with its price. Only whitelisted, priced models are offered. */
export interface OfferedModel {
  readonly id: string;
  /** Position of its tier, 0 = cheapest. */
  readonly tier: number;
  readonly tier_name: string;
  readonly input_usd_per_million: number;
  readonly output_usd_per_million: number;
}

export interface ModelQuestion {
  readonly prompt: string;
  readonly max_tokens: number;
  readonly intensity?: 'low' | 'medium' | 'high';
  readonly models: readonly OfferedModel[];
  /** What the task or a person names; text inside a prompt never counts. */
  readonly override?: string;
  /** What may still be spent on this task, on every level the least. */
  readonly remaining_usd: number;
  readonly max_budget_usd: number;
  /** The last attempt's model, and whether a witness or critic rejected what it made. */
  readonly last?: { readonly model: string; readonly failed_verification: boolean };
  /** Whether this task went up a tier before. */
  readonly cascaded: boolean;
  /** Failures of this kind of task on the cheapest tier, faded. */
  readonly pattern_failures: number;
}

export type ModelRule =
  | 'only_one'
  | 'override'
  | 'cascade'
  | 'low_budget'
  | 'critical'
  | 'history'
  | 'complex'
  | 'simple'
  | 'default'
  | 'affordable';

/** What was decided and why; stands on every call's audit line. */
export interface ModelDecision {
  readonly kind: 'call';
  readonly model: string;
  readonly tier: string;
  readonly rule: ModelRule;
  readonly reason: string;
  readonly signals: readonly string[];
  readonly estimate_usd: number;
  /** true: this decision used the task's one step up. */
  readonly cascaded: boolean;
}

export type ModelAnswer =
  | ModelDecision
  | { readonly kind: 'ask_person' | 'refused'; readonly reason: string; readonly signals: readonly string[] };

/**
 * Which model does a task. Whitelist and budget are hard limits (AE.1); then the task's own choice (AE.2); one tier up after
 * a failed verification, once (AE.3); the cheapest tier when money is short (AE.4); the strongest affordable one for critical
 * work (AE.5); by complexity (AE.6); by what failed before (AE.8); else the cheapest (AE.7). Same question, same answer.
 */
export function chooseModel(question: ModelQuestion): ModelAnswer {
  const models = [...question.models].sort(
    (a, b) => a.tier - b.tier || estimateUsd(question, a) - estimateUsd(question, b) || (a.id < b.id ? -1 : 1),
  );
  const { signals, score, critical } = complexityOf(question.prompt, question.intensity);
  const seen = [...signals, ...(question.pattern_failures >= FAILURES_TO_RAISE ? ['failed_before'] : [])];
  const [cheapest] = models;
  if (!cheapest) return { kind: 'refused', reason: 'no model may be called', signals: seen };
  const affordable = models.filter((model) => estimateUsd(question, model) <= question.remaining_usd);
  const call = (model: OfferedModel, rule: ModelRule, reason: string): ModelDecision => ({
    kind: 'call',
    model: model.id,
    tier: model.tier_name,
    rule,
    reason,
    signals: seen,
    estimate_usd: estimateUsd(question, model),
    cascaded: rule === 'cascade',
  });
  if (question.override !== undefined) return overridden(question.override, models, affordable, call, seen);
  if (affordable.length === 0) return { kind: 'refused', reason: shortOf(question, cheapest), signals: seen };
  const up = cascade(question, models, affordable, call, seen);
  if (up) return up;
  const wish = wished(question, score, critical);
  return fulfilled(wish, models, affordable, call);
}

/** The cost of a call at worst: the prompt and as many tokens as may be answered. */
export function estimateUsd({ prompt, max_tokens }: Pick<ModelQuestion, 'prompt' | 'max_tokens'>, model: OfferedModel): number {
  const input = Math.ceil(prompt.length / CHARS_PER_TOKEN);
  return (input * model.input_usd_per_million + max_tokens * model.output_usd_per_million) / 1_000_000;
}

type Call = (model: OfferedModel, rule: ModelRule, reason: string) => ModelDecision;

function overridden(
  id: string,
  models: readonly OfferedModel[],
  affordable: readonly OfferedModel[],
  call: Call,
  signals: readonly string[],
): ModelAnswer {
  const model = models.find((one) => one.id === id);
  if (!model) return { kind: 'refused', reason: `the model ${id} may not be called`, signals };
  if (!affordable.includes(model))
    return { kind: 'refused', reason: `the budget does not reach for ${id}, which the task names`, signals };
  return call(model, 'override', `the task names ${id}`);
}

function cascade(
  question: ModelQuestion,
  models: readonly OfferedModel[],
  affordable: readonly OfferedModel[],
  call: Call,
  signals: readonly string[],
): ModelAnswer | undefined {
  const last = models.find(({ id }) => id === question.last?.model);
  if (!last || question.last?.failed_verification !== true) return undefined;
  const stay = affordable.includes(last)
    ? call(last, 'default', `${last.id} tries again; the task went up a tier before, or there is none above`)
    : undefined;
  const next = models.find(({ tier }) => tier > last.tier);
  if (question.cascaded || !next) return stay;
  const reached = affordable.find(({ tier }) => tier === next.tier);
  if (!reached)
    return {
      kind: 'ask_person',
      reason: `${last.id} failed verification and the budget does not reach for the tier ${next.tier_name}`,
      signals,
    };
  return call(reached, 'cascade', `${last.id} failed verification, so ${reached.id} tries once`);
}

interface Wish {
  readonly tier: 'cheapest' | 'second' | 'strongest';
  readonly rule: ModelRule;
  readonly reason: string;
}

function wished(question: ModelQuestion, score: number, critical: boolean): Wish {
  const low = question.remaining_usd < question.max_budget_usd * LOW_WATER_SHARE;
  if (low) return { tier: 'cheapest', rule: 'low_budget', reason: 'little of the budget is left' };
  if (critical) return { tier: 'strongest', rule: 'critical', reason: 'the task is critical' };
  if (score >= 2) return { tier: 'strongest', rule: 'complex', reason: 'the task looks complex' };
  if (question.pattern_failures >= FAILURES_TO_RAISE) {
    return {
      tier: 'second',
      rule: 'history',
      reason: `the cheapest tier failed such tasks ${question.pattern_failures.toFixed(1)} times lately`,
    };
  }
  if (score < 0) return { tier: 'cheapest', rule: 'simple', reason: 'the task looks simple' };
  return { tier: 'cheapest', rule: 'default', reason: 'nothing asks for a stronger model' };
}

/** The wished tier, or the strongest below it that the budget reaches. */
function fulfilled(wish: Wish, models: readonly OfferedModel[], affordable: readonly OfferedModel[], call: Call): ModelAnswer {
  const tiers = [...new Set(models.map(({ tier }) => tier))];
  const at = wish.tier === 'cheapest' ? 0 : wish.tier === 'second' ? Math.min(1, tiers.length - 1) : tiers.length - 1;
  const wanted = tiers[at] ?? 0;
  const reach = affordable.filter(({ tier }) => tier <= wanted);
  const top = Math.max(...reach.map(({ tier }) => tier));
  const model = reach.find(({ tier }) => tier === top) ?? affordable[0];
  if (!model) return { kind: 'refused', reason: 'the budget reaches for no model', signals: [] };
  if (tiers.length === 1) return call(model, 'only_one', `there is one tier; ${wish.reason}`);
  if (model.tier < wanted)
    return call(model, 'affordable', `${wish.reason}, but the budget reaches for the tier ${model.tier_name} only`);
  return call(model, wish.rule, wish.reason);
}

function shortOf(question: ModelQuestion, cheapest: OfferedModel): string {
  return `$${question.remaining_usd.toFixed(6)} are left; the cheapest call (${cheapest.id}) may cost $${estimateUsd(question, cheapest).toFixed(6)}`;
}
