import type { ModelDecision } from '../../contract/outcome.ts';
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
  /** The one that calls go to when nothing asks for another; it comes first within its tier. */
  readonly is_default?: boolean;
}

export interface ModelQuestion {
  /** The task's own words; nothing else says how hard it is. */
  readonly prompt: string;
  /** Of everything that is sent. */
  readonly chars: number;
  readonly max_tokens: number;
  readonly intensity?: 'low' | 'medium' | 'high';
  readonly models: readonly OfferedModel[];
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

export type ModelRule = ModelDecision['rule'];

export type ModelAnswer =
  | { readonly kind: 'call'; readonly decision: ModelDecision }
  | { readonly kind: 'ask_person'; readonly reason: string };

/**
 * Which model does a task that names none. Only models of the whitelist are offered, and the purse judges the call after it
 * (AE.1). One tier up after a failed verification, once (AE.3); the cheapest tier when money is short (AE.4); the strongest
 * affordable one for critical work (AE.5); by complexity (AE.6); by what failed before (AE.8); else the cheapest (AE.7). Same
 * question, same answer (AE.10).
 */
export function chooseModel(question: ModelQuestion): ModelAnswer {
  const models = [...question.models].sort(
    (a, b) =>
      a.tier - b.tier ||
      Number(b.is_default ?? false) - Number(a.is_default ?? false) ||
      estimateUsd(question, a) - estimateUsd(question, b) ||
      (a.id < b.id ? -1 : 1),
  );
  const { signals, score, critical } = complexityOf(question.prompt, question.intensity);
  const seen = [...signals, ...(question.pattern_failures >= FAILURES_TO_RAISE ? ['failed_before'] : [])];
  const [cheapest] = models;
  if (!cheapest) return { kind: 'ask_person', reason: 'no model may be called' };
  const affordable = models.filter((model) => estimateUsd(question, model) <= question.remaining_usd);
  const call = (model: OfferedModel, rule: ModelRule, reason: string): ModelAnswer => ({
    kind: 'call',
    decision: {
      model: model.id,
      tier: model.tier_name,
      rule,
      reason,
      signals: seen,
      estimate_usd: estimateUsd(question, model),
    },
  });
  const up = cascade(question, models, affordable, call);
  if (up) return up;
  if (affordable.length === 0) return call(cheapest, 'low_budget', 'what is left pays for no answer of full length');
  return fulfilled(wished(question, score, critical), models, affordable, call, cheapest);
}

/** The cost of a call at worst: the prompt and as many tokens as may be answered. */
export function estimateUsd(
  { chars, max_tokens }: Pick<ModelQuestion, 'chars' | 'max_tokens'>,
  model: Pick<OfferedModel, 'input_usd_per_million' | 'output_usd_per_million'>,
): number {
  const input = Math.ceil(chars / CHARS_PER_TOKEN);
  return (input * model.input_usd_per_million + max_tokens * model.output_usd_per_million) / 1_000_000;
}

type Call = (model: OfferedModel, rule: ModelRule, reason: string) => ModelAnswer;

function cascade(
  question: ModelQuestion,
  models: readonly OfferedModel[],
  affordable: readonly OfferedModel[],
  call: Call,
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
function fulfilled(
  wish: Wish,
  models: readonly OfferedModel[],
  affordable: readonly OfferedModel[],
  call: Call,
  cheapest: OfferedModel,
): ModelAnswer {
  const tiers = [...new Set(models.map(({ tier }) => tier))];
  const at = wish.tier === 'cheapest' ? 0 : wish.tier === 'second' ? Math.min(1, tiers.length - 1) : tiers.length - 1;
  const wanted = tiers[at] ?? 0;
  const reach = affordable.filter(({ tier }) => tier <= wanted);
  const top = Math.max(...reach.map(({ tier }) => tier));
  const model = reach.find(({ tier }) => tier === top) ?? affordable[0] ?? cheapest;
  if (tiers.length === 1) return call(model, 'only_one', `there is one tier; ${wish.reason}`);
  if (model.tier < wanted)
    return call(model, 'affordable', `${wish.reason}, but the budget reaches for the tier ${model.tier_name} only`);
  return call(model, wish.rule, wish.reason);
}
