import {
  type ActivityLog,
  asRuntime,
  type Clock,
  type CycleResult,
  cycleOf,
  dueForFreeTime,
  isAlready,
  type SocietyStore,
} from '@vivarium/core';
import type { AskApi } from '../../api/ask.ts';
import type { Log } from '../../pipeline/runtime.ts';
import type { Attendance } from './attendance.ts';

/** What one resident's free time may cost at most, US dollars. */
const FREE_TIME_CYCLE_USD = 0.01;
/** Room for a model that thinks before it acts, each time anew. */
const MAX_TOKENS = 4_096;
const DETAIL_CHARS = 400;

const PROMPT = [
  'This is your free time. No task waits and nobody asks for anything; nothing you do here is judged.',
  'You may explore, create, connect, reflect or grow: what you spend are your own tokens, by the usual rules.',
  'Use the tools for what you wish to do, a few at most, or none. Rest is as good as anything.',
  'When you are done, say in one or two sentences what you did.',
].join('\n');

export interface FreeTimeOptions {
  readonly society: SocietyStore;
  readonly attendance: Pick<Attendance, 'begin'>;
  readonly askApi: AskApi;
  readonly clock: Clock;
  readonly daySeconds: number;
  /** What all free time of a UTC day may cost; 0 is no free time. */
  readonly limitUsd: number;
  /** No task runs or waits, no switch stands, and the API is there. */
  readonly idle: () => boolean;
  readonly bodyOf: (identity_id: string) => string | undefined;
  /** Hears that a round is over. */
  readonly moved: () => void;
  readonly activity: Pick<ActivityLog, 'note'>;
  readonly log: Log;
}

/** Residents' own time: a short cycle of each, one after the other, while no task waits. Costs a small budget of its own. */
export class FreeTime {
  readonly #options: FreeTimeOptions;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #call: AbortController | undefined;

  constructor(options: FreeTimeOptions) {
    this.#options = options;
  }

  /** True while somebody has free time. */
  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** Let those who are due have their time, if this is a moment for it. */
  look(): void {
    const { limitUsd, idle, log } = this.#options;
    if (limitUsd <= 0 || this.#running || this.#stop.signal.aborted || !idle()) return;
    this.#running = this.#round()
      .catch((err: unknown) => log.warn({ err }, 'free time ended early'))
      .finally(() => {
        this.#running = undefined;
        this.#options.moved();
      });
  }

  /** HALT: break off what runs. */
  abort(): void {
    this.#call?.abort();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.abort();
    await this.#running;
  }

  async #round(): Promise<void> {
    const { society, clock, daySeconds, idle } = this.#options;
    await society.refresh();
    const cycle_id = cycleOf(clock.now().toISOString(), daySeconds);
    for (const identity_id of dueForFreeTime(society.world, cycle_id)) {
      if (!idle() || this.#stop.signal.aborted) return;
      if (!(await this.#one(society, identity_id, cycle_id))) return;
    }
  }

  /** False when nobody else is to follow in this round. */
  async #one(society: SocietyStore, identity_id: string, cycle_id: number): Promise<boolean> {
    const { attendance, limitUsd, bodyOf } = this.#options;
    const resident_id = bodyOf(identity_id);
    if (resident_id === undefined) return true;
    await attendance.begin({ identity_id, resident_id });
    await society.refresh();
    if (society.world.society.people.get(identity_id)?.awake?.resident_id !== resident_id) return true;
    const which = { identity_id, cycle_id };
    const cap_usd = Math.min(FREE_TIME_CYCLE_USD, limitUsd);
    const began = await society.act(asRuntime, 'begin_free_time', { ...which, cap_usd, limit_usd: limitUsd });
    if (!began.ok) return isAlready(began.reason);
    const answer = await this.#ask(which, resident_id, cap_usd);
    if (answer.kind === 'unknown') return false;
    const { result } = answer;
    const end = { ...which, cost_usd: result?.budget_used ?? 0, steps: result?.steps ?? 0 };
    await society.act(asRuntime, 'end_free_time', end);
    if (result) this.#note(which, result);
    return result !== undefined;
  }

  /** `unknown` when it may have cost something that nobody told us: then what was set aside stays set aside. */
  async #ask(
    { identity_id, cycle_id }: { identity_id: string; cycle_id: number },
    resident_id: string,
    max_budget: number,
  ): Promise<{ kind: 'known'; result?: CycleResult } | { kind: 'unknown' }> {
    this.#call = new AbortController();
    const body = { mode: 'llm', purpose: 'free_time', prompt: PROMPT, max_tokens: MAX_TOKENS, max_budget } as const;
    const execution_key = `free_time/${identity_id}/${cycle_id}`;
    const answer = await this.#options.askApi({ ...body, identity_id, resident_id, execution_key }, this.#call.signal);
    if (answer.kind === 'result') return { kind: 'known', result: answer.result };
    const refused = answer.kind === 'problem' ? answer.problem.status < 500 : answer.wait_ms !== undefined;
    this.#options.log.info({ identity_id, cycle_id, answer: answer.kind }, 'there was no free time');
    return refused ? { kind: 'known' } : { kind: 'unknown' };
  }

  #note({ identity_id, cycle_id }: { identity_id: string; cycle_id: number }, result: CycleResult): void {
    const { budget_used: cost_usd, steps = 0, simulated, artifact_id } = result;
    this.#options.activity.note({
      actor: identity_id,
      action_type: 'IDENTITY',
      action: 'free_time',
      detail: result.result.slice(0, DETAIL_CHARS),
      metadata: { free_time: true, cycle_id, cost_usd, steps, simulated, artifact_id },
    });
  }
}
