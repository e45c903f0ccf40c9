import { type Backend, jsonSnapshot, LOGS, type SharedLog } from '@vivarium/core';
import { z } from 'zod';

/** One line of `.swarm/steps.jsonl`: what a model asked for in one step of a cycle, or answered an executor, kept before any of it is done or told. */
const Step = z.object({
  cycle: z.string().describe('whose cycle: execution key, body and identity'),
  step: z.int().positive(),
  offered: z.array(z.string()).optional().describe('names of the tools it was asked with'),
  text: z.string(),
  tool_calls: z.array(
    z.object({ id: z.string(), type: z.literal('function'), function: z.object({ name: z.string(), arguments: z.string() }) }),
  ),
  model: z.string(),
  simulated: z.boolean(),
  truncated: z.boolean().optional(),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).optional(),
  cost_usd: z.number(),
  charge: z.object({ call_id: z.string(), cost_usd: z.number() }).optional(),
});
export type Step = z.infer<typeof Step>;

const Usage = z.object({ prompt_tokens: z.number(), completion_tokens: z.number() });
const Spent = z.object({ cost_usd: z.number(), usage: Usage });
/** What an executor's calls came to. */
export type Spent = z.infer<typeof Spent>;

/** What came of a step of hands-on work: the whole answers, however little of them later prompts show, and the files as a tree. */
const StepEnd = z.object({
  ended: z.string().describe('whose cycle'),
  step: z.int().min(0).describe('0: before the first'),
  messages: z.array(
    z.union([
      z.object({ role: z.literal('tool'), tool_call_id: z.string(), content: z.string() }),
      z.object({ role: z.literal('user'), content: z.string() }),
    ]),
  ),
  origins: z.array(z.tuple([z.int(), z.string()])).describe('which of the messages hold what was read, and what that is'),
  tree: z.string(),
  saved_step: z.int().min(0),
  spent: Spent.optional().describe('by an executor that worked before the first step'),
});
export type StepEnd = z.infer<typeof StepEnd>;
const StepLine = z.union([StepEnd, Step]);
type StepLine = z.infer<typeof StepLine>;

const KEPT_CHARGES = 2_000;
const Saved = z.object({
  places: z.array(z.tuple([z.string(), z.array(z.number())])),
  charges: z.array(z.tuple([z.string(), z.number()])),
  ends: z.array(z.tuple([z.string(), z.array(z.number())])),
});

/**
 * The steps of cycles in which a resident acted. A cycle that was cut short goes on from them: no step is bought again,
 * and each act keeps its place, so that none is done twice.
 */
export class Steps {
  readonly #places = new Map<string, number[]>();
  readonly #charges = new Map<string, number>();
  readonly #ends = new Map<string, number[]>();
  #log!: SharedLog<StepLine>;

  static async open(backend: Pick<Backend, 'log'>): Promise<Steps> {
    const steps = new Steps();
    steps.#log = await backend.log<StepLine>(LOGS.steps, {
      parse: (value) => StepLine.parse(value),
      onRecord: ({ position, value }) => steps.#onRecord(position, value),
      snapshot: jsonSnapshot(2, Saved, {
        save: () => ({ places: [...steps.#places], charges: [...steps.#charges], ends: [...steps.#ends] }),
        load: ({ places, charges, ends }) => {
          for (const [cycle, at] of places) steps.#places.set(cycle, at);
          for (const [cycle, at] of ends) steps.#ends.set(cycle, at);
          for (const [call_id, cost_usd] of charges) steps.#charges.set(call_id, cost_usd);
        },
      }),
    });
    return steps;
  }

  /** True costs of stored steps, by call: what a crash may have left unsettled. */
  get charges(): ReadonlyMap<string, number> {
    return this.#charges;
  }

  /** The stored steps of a cycle, in order. */
  of(cycle: string): readonly Step[] {
    return this.#read(this.#places.get(cycle)).flatMap((line) => ('cycle' in line ? line : []));
  }

  /** What came of the steps of a cycle, in order, from step 0 on. */
  endsOf(cycle: string): readonly StepEnd[] {
    return this.#read(this.#ends.get(cycle)).flatMap((line) => ('ended' in line ? line : []));
  }

  async keep(line: StepLine): Promise<void> {
    await this.#log.append([line], { durable: true });
  }

  #read(positions: readonly number[] | undefined): readonly StepLine[] {
    return positions ? this.#log.read(positions) : [];
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  #onRecord(position: number, line: StepLine): void {
    if ('cycle' in line) {
      this.#onStep(position, line);
      return;
    }
    const ends = this.#ends.get(line.ended) ?? [];
    this.#ends.set(line.ended, ends);
    if (line.step === ends.length) ends.push(position);
  }

  #onStep(position: number, { cycle, step, charge }: Step): void {
    const places = this.#places.get(cycle) ?? [];
    this.#places.set(cycle, places);
    if (step === places.length + 1) places.push(position);
    if (charge) this.#charges.set(charge.call_id, charge.cost_usd);
    const [oldest] = this.#charges.keys();
    if (oldest !== undefined && this.#charges.size > KEPT_CHARGES) this.#charges.delete(oldest);
  }
}
