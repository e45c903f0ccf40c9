import { type SkillRecord, type SkillScore, sameAnswer, skillRouter, type ValidationCase } from '@vivarium/core';
import type { Runtime } from '../../pipeline/runtime.ts';
import type { Learned, LearnedFamily } from './families.ts';

/** A skill that needs longer than this for one task is no help. */
const TIMEOUT_S = 5;
const AT_ONCE = 4;
/** So many tasks of other families that would go to a candidate are tried with it. */
const MAX_STRANGERS = 20;

/** The trial could not be carried out now; it says nothing about the skill. */
export class TrialInterrupted extends Error {}

/** Runs a candidate in the sandbox on tasks whose verified answers are known. It never meets a task that waits. */
export class Trial {
  readonly #runtime: Pick<Runtime, 'askApi' | 'skills'>;
  readonly #skill: SkillRecord;
  readonly #signal: AbortSignal;

  constructor(runtime: Pick<Runtime, 'askApi' | 'skills'>, skill: SkillRecord, signal: AbortSignal) {
    this.#runtime = runtime;
    this.#skill = skill;
    this.#signal = signal;
  }

  async score(samples: readonly Learned[]): Promise<SkillScore> {
    const passes = await this.#each(samples);
    return { passed: passes.filter(Boolean).length, total: samples.length };
  }

  /** The separate set, and tasks of other families that the router would send to this skill. */
  async validate(samples: readonly Learned[], others: readonly LearnedFamily[]): Promise<ValidationCase[]> {
    const cases = [...samples, ...this.#strangers(others)];
    const passes = await this.#each(cases);
    return cases.map(({ task_id, tokens }, index) => ({
      task_id,
      with_skill: passes[index] ?? false,
      without: true,
      model_tokens_with: 0,
      model_tokens_without: tokens,
    }));
  }

  #strangers(others: readonly LearnedFamily[]): Learned[] {
    const { registry } = this.#runtime.skills;
    const name = this.#skill.name;
    const router = skillRouter(registry.list().map((one) => (one.name === name ? { ...one, status: 'active' } : one)));
    const samples = others.flatMap((family) => family.samples.slice(0, 5));
    return samples.filter(({ prompt }) => router.route(prompt).tool_name === name).slice(0, MAX_STRANGERS);
  }

  async #each(samples: readonly Learned[]): Promise<boolean[]> {
    const passes: boolean[] = [];
    for (let at = 0; at < samples.length; at += AT_ONCE)
      passes.push(...(await Promise.all(samples.slice(at, at + AT_ONCE).map((sample) => this.#passes(sample)))));
    return passes;
  }

  async #passes({ task_id, prompt, output }: Learned): Promise<boolean> {
    const id = `skill-${this.#skill.name}`;
    const execution_key = `${id}#1#${this.#skill.version}#${task_id}`;
    const body = { mode: 'llm', skill: this.#skill.name, prompt, task_id: id, execution_key, timeout: TIMEOUT_S } as const;
    const answer = await this.#runtime.askApi(body, this.#signal);
    if (answer.kind === 'result')
      return answer.result.status === 'completed' && sameAnswer(answer.result.output ?? answer.result.result, output);
    if (answer.kind === 'problem') return false;
    throw new TrialInterrupted(answer.reason);
  }
}
