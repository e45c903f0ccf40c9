import { alike, type Sample, shapeOf, splitSamples, type TaskRecord } from '@vivarium/core';

/** What a draft is made and judged from: two own, two unseen and three validation examples. */
export const MIN_SAMPLES = 7;
/** More of a family teach nothing more. */
const MAX_SAMPLES = 60;
const MAX_FAMILIES = 500;
const OUTPUT_CHARS = 2_000;

/** A verified answer of a model, and what it cost. */
export interface Learned extends Sample {
  readonly tokens: number;
}

/** Verified answers of one kind of task. */
export interface LearnedFamily {
  readonly key: string;
  readonly shape: readonly string[];
  readonly samples: Learned[];
}

/** The families of tasks that were done and verified, kept as they come in. */
export class Families {
  readonly #families: LearnedFamily[] = [];

  /** The family that a record belongs to, when its result can be learned from. */
  add(record: TaskRecord): LearnedFamily | undefined {
    const sample = sampleOf(record);
    if (!sample) return undefined;
    const shape = shapeOf(sample.prompt);
    const known = this.#families.find((family) => alike(family.shape, shape));
    if (!known && this.#families.length >= MAX_FAMILIES) return undefined;
    const home = known ?? { key: shape.join(' '), shape, samples: [] };
    if (!known) this.#families.push(home);
    // The same words again are no further example.
    const seen = home.samples.some(({ prompt, task_id }) => prompt === sample.prompt || task_id === sample.task_id);
    if (!seen && home.samples.length < MAX_SAMPLES) home.samples.push(sample);
    return home;
  }

  get all(): readonly LearnedFamily[] {
    return this.#families;
  }
}

/** A short answer that a model alone gave to a task, and that a check accepted. Simulated work proves nothing. */
function sampleOf({ task, outcome, review, status, children }: TaskRecord): Learned | undefined {
  if (status !== 'approved' || review?.verdict !== 'APPROVE' || children || task.prompt === undefined) return undefined;
  if (!outcome || outcome.simulated || outcome.tool_route !== 'generate' || (outcome.steps ?? 1) > 1) return undefined;
  if (outcome.result_summary.length >= OUTPUT_CHARS || outcome.result_summary.trim() === '') return undefined;
  const tokens = (outcome.usage?.prompt_tokens ?? 0) + (outcome.usage?.completion_tokens ?? 0);
  return { task_id: task.id, prompt: task.prompt, output: outcome.result_summary, tokens };
}

/** Samples in three parts; with few of them, validation gets the one that the others can spare. */
export function partsOf(samples: readonly Learned[]): { own: Learned[]; unseen: Learned[]; validation: Learned[] } {
  const byId = new Map(samples.map((sample) => [sample.task_id, sample]));
  const known = (part: readonly Sample[]) => part.flatMap(({ task_id }) => byId.get(task_id) ?? []);
  const split = splitSamples(samples);
  const parts = { own: known(split.own), unseen: known(split.unseen), validation: known(split.validation) };
  if (parts.validation.length < 3 && parts.own.length > 2) parts.validation.push(...parts.own.splice(2));
  return parts;
}
