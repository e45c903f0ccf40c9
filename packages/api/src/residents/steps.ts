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

const KEPT_CHARGES = 2_000;
const Saved = z.object({
  places: z.array(z.tuple([z.string(), z.array(z.number())])),
  charges: z.array(z.tuple([z.string(), z.number()])),
});

/**
 * The steps of cycles in which a resident acted. A cycle that was cut short goes on from them: no step is bought again,
 * and each act keeps its place, so that none is done twice.
 */
export class Steps {
  readonly #places = new Map<string, number[]>();
  readonly #charges = new Map<string, number>();
  #log!: SharedLog<Step>;

  static async open(backend: Pick<Backend, 'log'>): Promise<Steps> {
    const steps = new Steps();
    steps.#log = await backend.log<Step>(LOGS.steps, {
      parse: (value) => Step.parse(value),
      onRecord: ({ position, value }) => steps.#onRecord(position, value),
      snapshot: jsonSnapshot(1, Saved, {
        save: () => ({ places: [...steps.#places], charges: [...steps.#charges] }),
        load: ({ places, charges }) => {
          for (const [cycle, at] of places) steps.#places.set(cycle, at);
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
    const places = this.#places.get(cycle);
    return places ? this.#log.read(places) : [];
  }

  async keep(step: Step): Promise<void> {
    await this.#log.append([step], { durable: true });
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  #onRecord(position: number, { cycle, step, charge }: Step): void {
    const places = this.#places.get(cycle) ?? [];
    this.#places.set(cycle, places);
    if (step === places.length + 1) places.push(position);
    if (charge) this.#charges.set(charge.call_id, charge.cost_usd);
    const [oldest] = this.#charges.keys();
    if (oldest !== undefined && this.#charges.size > KEPT_CHARGES) this.#charges.delete(oldest);
  }
}
