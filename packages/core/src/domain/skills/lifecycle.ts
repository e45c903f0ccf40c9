import { z } from 'zod';

/** A skill's way: proposed, proven on examples, proven to help, taken out for harm, gone for good. */
export const SkillStatus = z.enum(['candidate', 'validated', 'active', 'quarantined', 'retired']);
export type SkillStatus = z.infer<typeof SkillStatus>;

/** Who moves a skill. A person may do what the rules may, and bring a skill back or promote it on their own judgement. */
export type SkillMover = 'rules' | 'person';

const MOVES: Readonly<Record<SkillStatus, readonly SkillStatus[]>> = {
  candidate: ['validated', 'quarantined', 'retired'],
  validated: ['active', 'quarantined', 'retired'],
  active: ['quarantined', 'retired'],
  quarantined: ['validated', 'retired'],
  retired: [],
};
const PERSONS_MOVES: Readonly<Record<SkillStatus, readonly SkillStatus[]>> = {
  candidate: ['active'],
  validated: [],
  active: [],
  quarantined: ['active', 'candidate'],
  retired: ['candidate'],
};

export const mayMove = (from: SkillStatus, to: SkillStatus, by: SkillMover): boolean =>
  MOVES[from].includes(to) || (by === 'person' && PERSONS_MOVES[from].includes(to));

/** How a use of a skill ended, from evidence, a critic or a person; never from the skill's own word. */
export const SkillOutcome = z.enum(['useful', 'harmful', 'failed', 'unknown']);
export type SkillOutcome = z.infer<typeof SkillOutcome>;

/** Counts of one version's uses. `failed`: the skill did not run to its end, and the model did the work. */
export interface SkillCounters {
  readonly uses: number;
  readonly useful: number;
  readonly harmful: number;
  readonly failed: number;
  readonly model_calls_avoided: number;
}
export const NO_USES: SkillCounters = { uses: 0, useful: 0, harmful: 0, failed: 0, model_calls_avoided: 0 };

/** So many bad uses at least, before a skill is taken out. */
const MIN_BAD_USES = 2;
/** A skill may be wrong in one of five uses; more is harm. */
const TOLERATED_BAD_SHARE = 0.2;
/** So many judged uses without a gain, and a skill is retired. */
const MIN_USES_TO_RETIRE = 20;

export type Decision =
  | { readonly move: SkillStatus; readonly reason: string }
  | { readonly move: undefined; readonly reason: string };
const stay = (reason: string): Decision => ({ move: undefined, reason });

/**
 * What the measured uses of an active skill say. It is quarantined when at least two uses were bad and, with 97.5 %
 * certainty (the lower Wilson bound), more than one of five is: 2 of 2, 2 of 3, 3 of 5, 5 of 10, 12 of 30. It is retired when
 * twenty judged uses brought no more good than bad.
 */
export function judgeUses(counters: SkillCounters): Decision {
  const bad = counters.harmful + counters.failed;
  const judged = counters.useful + bad;
  if (bad >= MIN_BAD_USES && lowerBound(bad, judged) > TOLERATED_BAD_SHARE) {
    return {
      move: 'quarantined',
      reason: `${bad} of ${judged} uses went wrong (${counters.harmful} rejected, ${counters.failed} did not run)`,
    };
  }
  if (judged >= MIN_USES_TO_RETIRE && counters.useful <= bad) {
    return { move: 'retired', reason: `${judged} uses brought no gain: ${counters.useful} useful, ${bad} not` };
  }
  return stay(`${counters.useful} of ${judged} judged uses were useful`);
}

/** How many cases were tried and how many passed. */
export interface Score {
  readonly passed: number;
  readonly total: number;
}

/** One task of the validation set, done with the skill and without it. */
export interface ValidationCase {
  readonly task_id: string;
  readonly with_skill: boolean;
  readonly without: boolean;
  readonly model_tokens_with: number;
  readonly model_tokens_without: number;
}

export interface PromotionEvidence {
  /** The skill's own examples, which its author saw. */
  readonly own: Score;
  /** Examples of the same family that its author did not see. */
  readonly unseen: Score;
  /** Further tasks, apart from both, also of other families that the router would send to it. */
  readonly validation: readonly ValidationCase[];
}

const MIN_OWN_EXAMPLES = 2;
const MIN_UNSEEN_EXAMPLES = 2;
const MIN_VALIDATION_CASES = 3;

/**
 * What the examples say of a candidate: all own and all unseen ones passed, and there are enough of both. Failing a single
 * one is harm that would come back, so the candidate is retired.
 */
export function judgeCandidate({ own, unseen }: Pick<PromotionEvidence, 'own' | 'unseen'>): Decision {
  if (own.passed < own.total)
    return { move: 'retired', reason: `it fails ${own.total - own.passed} of its own ${own.total} examples` };
  if (unseen.passed < unseen.total)
    return { move: 'retired', reason: `it fails ${unseen.total - unseen.passed} of ${unseen.total} unseen examples` };
  if (own.total < MIN_OWN_EXAMPLES) return stay(`it has ${own.total} own examples; ${MIN_OWN_EXAMPLES} are needed`);
  if (unseen.total < MIN_UNSEEN_EXAMPLES)
    return stay(`${unseen.total} unseen examples were tried; ${MIN_UNSEEN_EXAMPLES} are needed`);
  return { move: 'validated', reason: `all ${own.total} own and ${unseen.total} unseen examples pass` };
}

/**
 * What a separate validation set says of a validated skill. It becomes active when no case got worse and it raises the
 * score: more cases succeed, or as many succeed with fewer model tokens. One case that got worse retires it.
 */
export function judgeValidated(cases: readonly ValidationCase[]): Decision {
  const lost = cases.filter((one) => one.without && !one.with_skill);
  if (lost.length > 0) return { move: 'retired', reason: `with it ${lost.map(({ task_id }) => task_id).join(', ')} got worse` };
  if (cases.length < MIN_VALIDATION_CASES)
    return stay(`${cases.length} validation cases were tried; ${MIN_VALIDATION_CASES} are needed`);
  const won = cases.filter((one) => one.with_skill && !one.without).length;
  const saved = cases.reduce((sum, one) => sum + (one.with_skill ? one.model_tokens_without - one.model_tokens_with : 0), 0);
  const solved = cases.filter((one) => one.with_skill).length;
  if (won > 0) return { move: 'active', reason: `${won} of ${cases.length} validation cases succeed only with it` };
  if (solved > 0 && saved > 0)
    return {
      move: 'active',
      reason: `${solved} of ${cases.length} validation cases succeed as before, with ${saved} fewer model tokens`,
    };
  return stay('it raises neither success nor saves tokens on the validation set');
}

/** The lower end of the 95 % Wilson interval of a share. */
function lowerBound(hits: number, total: number): number {
  if (total === 0) return 0;
  const z = 1.96;
  const share = hits / total;
  const centre = share + (z * z) / (2 * total);
  const spread = z * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total));
  return (centre - spread) / (1 + (z * z) / total);
}
