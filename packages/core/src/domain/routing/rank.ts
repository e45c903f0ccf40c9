import MiniSearch from 'minisearch';
import { directionsIn, type Instruction, isNeutral, termsOf } from './instruction.ts';
import type { RoutableSkill } from './types.ts';

export interface Ranked<T extends RoutableSkill> {
  readonly skill: T;
  /** 0..1: how much of what is asked the skill says it does. */
  readonly confidence: number;
  /** BM25 score, which orders skills of the same confidence. */
  readonly score: number;
}

const BOOST = { name: 3, keywords: 2, description: 1.5, when_to_use: 1 };
/** A word that no skill knows weighs as much as one that a single skill knows: it says that something else is meant. */
const LEAST_WEIGHT = 0.35;
/** What the asked words of a prompt weigh when they are no skill's in particular. */
const NEUTRAL_WEIGHT = 0.1;
/** What is left of an unknown word's weight when it only says where the material is. */
const WHERE_SHARE = 0.4;
/** Taken off when what a skill says it is not for fits better than what it is for. */
const WARNED = 0.4;
/** Taken off when there is nothing to work on, so that the words may be about the matter instead. */
const NO_MATERIAL = 0.25;
/** What "how many" adds for a skill that counts. */
const SOFT_SHARE = 0.4;
/** Taken off when a single word of many fits: "parse" alone is no JSON. */
const THIN = 0.4;
/** Taken off for a question that is answered by yes or no. */
const YES_OR_NO = 0.3;
/** Taken off when the word that asks is not one of the skill's. */
const OTHER_HEAD = 0.35;

interface Terms<T> {
  readonly skill: T;
  readonly all: ReadonlySet<string>;
  readonly core: ReadonlySet<string>;
  readonly name: ReadonlySet<string>;
  readonly not: ReadonlySet<string>;
  readonly directions: readonly (readonly [string, string])[];
}

/** An index over skills; built once for a list of skills, asked for every task. */
export class SkillIndex<T extends RoutableSkill> {
  readonly skills: readonly T[];
  readonly #search: MiniSearch;
  readonly #terms = new Map<string, Terms<T>>();
  readonly #weights = new Map<string, number>();

  constructor(skills: readonly T[]) {
    this.skills = skills;
    this.#search = new MiniSearch({
      fields: ['name', 'keywords', 'description', 'when_to_use'],
      tokenize: (text) => termsOf(text),
      processTerm: (term) => term,
      searchOptions: { boost: BOOST, prefix: false, fuzzy: false, combineWith: 'OR' },
    });
    for (const skill of skills) this.#add(skill);
    const count = skills.length;
    const known = new Map<string, number>();
    for (const { all } of this.#terms.values()) for (const term of all) known.set(term, (known.get(term) ?? 0) + 1);
    for (const [term, times] of known) this.#weights.set(term, Math.max(LEAST_WEIGHT, 1 - Math.log(times) / Math.log(count + 1)));
  }

  #add(skill: T): void {
    const text = {
      name: skill.name,
      keywords: skill.keywords.join(' '),
      description: skill.description,
      when_to_use: skill.when_to_use.join(' '),
    };
    this.#search.add({ id: skill.name, ...text });
    this.#terms.set(skill.name, {
      skill,
      all: new Set(termsOf(Object.values(text).join(' '))),
      core: new Set(termsOf(`${text.name} ${text.keywords}`)),
      name: new Set(termsOf(text.name)),
      not: new Set(termsOf(skill.when_not.join(' '))),
      directions: directionsIn(`${skill.name.replace(/[-_]+/g, ' ')}. ${skill.description}`),
    });
  }

  /** Skills that know at least one of the words asked for, the best first. */
  rank(instruction: Instruction): Ranked<T>[] {
    if (instruction.stems.length === 0) return [];
    return this.#search
      .search(instruction.stems.join(' '), { tokenize: (text) => text.split(' ') })
      .flatMap(({ id, score }) => {
        const terms = this.#terms.get(String(id));
        return terms ? [{ skill: terms.skill, score, confidence: this.#confidence(instruction, terms) }] : [];
      })
      .sort((a, b) => b.confidence - a.confidence || b.score - a.score);
  }

  /** The share of the asked words, by weight, that the skill knows; none of its core words known is no match. */
  #confidence(asked: Instruction, terms: Terms<T>): number {
    const core = asked.stems.filter((stem) => terms.core.has(stem) && !isNeutral(stem) && !asked.topic.has(stem));
    if (core.length === 0) return 0;
    if (asked.directions.some(([from, to]) => terms.directions.some(([own, other]) => own === to && other === from))) return 0;
    let known = 0;
    let all = 0;
    for (const stem of asked.stems) {
      const knows = terms.all.has(stem);
      if (!knows && asked.soft.has(stem)) continue;
      const weight =
        this.#weight(stem) *
        (asked.soft.has(stem) ? SOFT_SHARE : !knows && asked.material && asked.where.has(stem) ? WHERE_SHARE : 1);
      all += weight;
      if (knows && !asked.topic.has(stem)) known += weight;
    }
    const warned = asked.stems.some((stem) => terms.not.has(stem) && !terms.all.has(stem)) ? WARNED : 0;
    const otherHead = asked.head !== undefined && !terms.all.has(asked.head) ? OTHER_HEAD : 0;
    const nothing = asked.material ? 0 : NO_MATERIAL;
    const thin = core.length > 1 || [...terms.name].every((term) => asked.stems.includes(term)) ? 0 : THIN;
    const question = asked.yesOrNo ? YES_OR_NO : 0;
    return all === 0 ? 0 : Math.max(0, Math.min(0.99, known / all - warned - otherHead - nothing - thin - question));
  }

  #weight(stem: string): number {
    return isNeutral(stem) ? NEUTRAL_WEIGHT : (this.#weights.get(stem) ?? 1);
  }
}
