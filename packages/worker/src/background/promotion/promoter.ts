import { judgeCandidate, judgeValidated, keptOf, nearDuplicates, type SkillRecord } from '@vivarium/core';
import { z } from 'zod';
import type { Runtime } from '../../pipeline/runtime.ts';
import { DRAFT_USD, type Drafted, draftSkill } from './drafting.ts';
import { Families, type LearnedFamily, MIN_SAMPLES, partsOf } from './families.ts';
import { Trial, TrialInterrupted } from './trial.ts';

/** What all drafts of one worker may cost together, in US dollars. */
const PROMOTION_USD = 0.25;
/** A family that gave no useful skill is tried once more, with twice as many samples. */
const MAX_TRIES = 2;
const REMEMBERED = 1_000;
const AGAIN_MS = 30_000;

const TRIED = '.swarm/skill_families.json';
const Tried = z.object({
  version: z.literal(1).default(1),
  families: z.record(z.string(), z.object({ tries: z.number().int(), samples: z.number().int() })).default({}),
});
type Tried = z.infer<typeof Tried>;
type Needs = Pick<Runtime, 'api' | 'askApi' | 'skills' | 'store' | 'documents' | 'log' | 'config'>;

export interface PromoterPorts {
  /** Hears that it has come to rest. */
  readonly moved: () => void;
  /** Hears that skills may have come into use. */
  readonly made: () => Promise<void>;
}

/**
 * Turns kinds of task that come again and again into skills, beside the work and without a person: drafted by a model from
 * verified answers, tried in the sandbox on answers it has not seen, and used only when nothing got worse. It has a small
 * budget of its own.
 */
export class Promoter {
  readonly #runtime: Needs;
  readonly #families = new Families();
  readonly #stop = new AbortController();
  readonly #ports: PromoterPorts;
  #tried: Tried = { version: 1, families: {} };
  #busy = true;
  #again = false;
  #spent = 0;
  #timer: NodeJS.Timeout | undefined;
  #silence: (() => void) | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(runtime: Needs, ports: PromoterPorts) {
    this.#runtime = runtime;
    this.#ports = ports;
  }

  /** True while it has something to try. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Learn from what was approved before, then from each approval. */
  start(): void {
    const { store, config } = this.#runtime;
    if (config.docsOnly) {
      this.#busy = false;
      return;
    }
    this.#silence = store.onEvent((event, record) => {
      if (event.event !== 'task_approved' && event.event !== 'task_accepted') return;
      const family = this.#families.add(record);
      if (family && this.#isDue(family)) this.#wake();
    });
    const { records } = store.list({ statuses: ['approved'], order: 'newest', limit: REMEMBERED });
    for (const record of records.toReversed()) this.#families.add(record);
    this.#wake();
  }

  async close(): Promise<void> {
    this.#silence?.();
    clearTimeout(this.#timer);
    this.#stop.abort();
    await this.#work;
  }

  #wake(): void {
    this.#again = true;
    clearTimeout(this.#timer);
    this.#work = this.#work.then(() => this.#run());
  }

  async #run(): Promise<void> {
    if (!this.#again || this.#stop.signal.aborted) return;
    this.#again = false;
    this.#busy = true;
    try {
      this.#tried = (await this.#runtime.documents.get(TRIED, Tried)) ?? this.#tried;
      for (const family of this.#families.all) if (this.#isDue(family)) await this.#try(family);
      await this.#ports.made();
    } catch (err) {
      if (this.#stop.signal.aborted) return;
      if (!(err instanceof TrialInterrupted)) this.#runtime.log.warn({ err }, 'a skill could not be tried');
      this.#timer = setTimeout(() => this.#wake(), AGAIN_MS);
      this.#timer.unref();
    }
    this.#busy = this.#again;
    this.#ports.moved();
  }

  #isDue({ key, samples }: LearnedFamily): boolean {
    const before = this.#tried.families[key];
    if (this.#spent + DRAFT_USD > PROMOTION_USD) return false;
    if (!before) return samples.length >= MIN_SAMPLES;
    return before.tries < MAX_TRIES && samples.length >= before.samples * 2;
  }

  async #try(family: LearnedFamily): Promise<void> {
    const parts = partsOf(family.samples);
    const samples = family.samples.length;
    const { log } = this.#runtime;
    const drafted = this.#standing(family) ?? (await draftSkill(this.#runtime, family, parts.own, this.#stop.signal));
    this.#spent += drafted.cost_usd;
    if (drafted.kind === 'none') log.info({ family: family.key, reason: drafted.reason }, 'no skill could be drafted');
    else await this.#judge(family, drafted.skill, parts);
    this.#tried =
      (await this.#runtime.documents.update(TRIED, Tried, (standing) => noted(standing ?? this.#tried, family.key, samples))) ??
      this.#tried;
  }

  /** A candidate of this family whose trial was broken off, or had too few samples. */
  #standing({ samples }: LearnedFamily): Drafted | undefined {
    const ids = new Set(samples.map(({ task_id }) => task_id));
    const skill = this.#runtime.skills.registry
      .list()
      .filter(({ origin, status }) => origin === 'runtime' && (status === 'candidate' || status === 'validated'))
      .find(({ provenance }) => provenance?.task_ids.some((id) => ids.has(id)));
    return skill && { kind: 'skill', skill, cost_usd: 0 };
  }

  async #judge(family: LearnedFamily, skill: SkillRecord, parts: ReturnType<typeof partsOf>): Promise<void> {
    const { skills, log } = this.#runtime;
    const { registry } = skills;
    const twin = registry.list().find((other) => isTwin(other, skill));
    if (twin && keptOf(rank(twin), rank(skill)).name === twin.name) {
      await registry.setStatus(skill.name, 'retired', 'rules', `it is ${twin.name} once more`);
      return;
    }
    const trial = new Trial(this.#runtime, skill, this.#stop.signal);
    const own = await trial.score(parts.own);
    const unseen = own.passed === own.total ? await trial.score(parts.unseen) : { passed: 0, total: 0 };
    const proven = judgeCandidate({ own, unseen });
    log.info({ skill: skill.name, family: family.key, ...proven }, 'a candidate was tried on its examples');
    if (proven.move === undefined) return;
    if (skill.status === 'candidate') await registry.setStatus(skill.name, proven.move, 'rules', proven.reason);
    if (proven.move !== 'validated') return;
    const others = this.#families.all.filter((other) => other !== family);
    const decision = judgeValidated(await trial.validate(parts.validation, others));
    log.info({ skill: skill.name, family: family.key, ...decision }, 'a skill was tried on the validation set');
    if (decision.move !== undefined) await registry.setStatus(skill.name, decision.move, 'rules', decision.reason);
  }
}

const rank = ({ name, status, counters }: SkillRecord) => ({ name, status, useful: counters.useful });

function isTwin(other: SkillRecord, skill: SkillRecord): boolean {
  const like = ({ name, kind, description, keywords, body, code }: SkillRecord) => ({
    name,
    kind,
    description,
    keywords,
    body: code ?? body,
  });
  return other.name !== skill.name && other.status !== 'retired' && nearDuplicates(like(other), like(skill));
}

function noted(standing: Tried, key: string, samples: number): Tried {
  const tries = (standing.families[key]?.tries ?? 0) + 1;
  return { ...standing, families: { ...standing.families, [key]: { tries, samples } } };
}
