import {
  type Backend,
  jsonSnapshot,
  LOGS,
  type Logger,
  REFUSALS,
  SATISFYING,
  type SharedLog,
  type TaskRecord,
  type TaskStore,
} from '@vivarium/core';
import { z } from 'zod';
import { type PerformDeps, perform } from './perform.ts';

const Act = z.object({ tool: z.string(), args: z.record(z.string(), z.unknown()), key: z.string() });
const Planned = z.object({
  kind: z.literal('planned'),
  execution_key: z.string(),
  task_id: z.string(),
  attempt: z.int(),
  identity_id: z.string(),
  acts: z.array(Act),
  at: z.string(),
});
const Settled = z.object({
  kind: z.literal('settled'),
  execution_key: z.string(),
  verdict: z.enum(['applied', 'dropped']),
  at: z.string(),
});
/** One line of `.swarm/effects.jsonl`. */
const EffectLine = z.discriminatedUnion('kind', [Planned, Settled]);
type EffectLine = z.infer<typeof EffectLine>;
type Planned = z.infer<typeof Planned>;

const AGAIN_MS = 5_000;

export interface EffectsDeps extends PerformDeps {
  readonly store: TaskStore;
  readonly log: Logger;
}

/**
 * What others will see of a cycle: posts, mail, documents, proposals. They wait for the task's final verdict; approved
 * work has them done once, in order, and those of a rejected attempt are dropped. A restart goes on where it stopped.
 */
export class Effects {
  readonly #deps: EffectsDeps;
  readonly #pending = new Map<string, Planned>();
  #log!: SharedLog<EffectLine>;
  #stopFollowing: (() => void) | undefined;
  #again: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(deps: EffectsDeps) {
    this.#deps = deps;
  }

  static async open(backend: Pick<Backend, 'log'>, deps: EffectsDeps): Promise<Effects> {
    const effects = new Effects(deps);
    effects.#log = await backend.log<EffectLine>(LOGS.effects, {
      parse: (value) => EffectLine.parse(value),
      onRecord: ({ value }) => effects.#fold(value),
      snapshot: jsonSnapshot(1, z.array(Planned), {
        save: () => [...effects.#pending.values()],
        load: (pending) => {
          for (const plan of pending) effects.#pending.set(plan.execution_key, plan);
        },
      }),
    });
    effects.#look();
    return effects;
  }

  /** Keep what a finished cycle wants others to see; an earlier cycle of the same attempt is superseded. */
  async plan(plan: Omit<Planned, 'kind' | 'at'>): Promise<void> {
    const known = [...this.#pending.values()].some((other) => sameAttempt(other, plan));
    if (plan.acts.length === 0 && !known) return;
    await this.#log.append([{ kind: 'planned', ...plan, at: this.#now() }], { durable: true });
    this.#look();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#again);
    this.#stopFollowing?.();
    await this.#turn;
    await this.#log.close();
  }

  #fold(line: EffectLine): void {
    if (line.kind === 'settled') {
      this.#pending.delete(line.execution_key);
      return;
    }
    for (const [key, other] of this.#pending) if (sameAttempt(other, line)) this.#pending.delete(key);
    if (line.acts.length > 0) this.#pending.set(line.execution_key, line);
  }

  /** Look at every verdict that is waited for, and listen for more while any is. */
  #look(): void {
    this.#turn = this.#turn
      .then(() => this.#settleAll())
      .catch((err: unknown) => {
        this.#deps.log.error({ err }, 'what others were to see of a cycle could not be done; it is tried again');
        this.#lookAgain();
      });
  }

  async #settleAll(): Promise<void> {
    if (this.#closed) return;
    const { store } = this.#deps;
    if (this.#pending.size > 0 && !this.#stopFollowing) {
      const forget = store.onEvent(({ task_id }) => {
        if ([...this.#pending.values()].some((plan) => plan.task_id === task_id)) this.#look();
      });
      const unwatch = store.follow();
      this.#stopFollowing = () => {
        forget();
        unwatch();
      };
    }
    await Promise.all([store.catchUp(), this.#log.catchUp()]);
    for (const plan of [...this.#pending.values()]) {
      const verdict = verdictOn(plan, store);
      if (verdict === 'applied' && !(await this.#apply(plan))) return this.#lookAgain();
      if (verdict !== 'waits')
        await this.#log.append([{ kind: 'settled', execution_key: plan.execution_key, verdict, at: this.#now() }], {
          durable: true,
        });
    }
    if (this.#pending.size > 0) return;
    this.#stopFollowing?.();
    this.#stopFollowing = undefined;
  }

  /** False when an act has to be tried again later; those before it are done and will not be repeated. */
  async #apply({ acts, identity_id, task_id }: Planned): Promise<boolean> {
    for (const { tool, args, key } of acts) {
      const answer = await perform(this.#deps, tool, args, { identity_id, task_id, key });
      if (!answer.ok && REFUSALS[answer.reason].for_now) return false;
      if (answer.ok && (tool === 'write_document' || tool === 'propose_task')) this.#note(identity_id, tool, '', answer);
      if (!answer.ok) this.#note(identity_id, tool, `refused after approval: ${answer.reason}`, answer);
    }
    return true;
  }

  #note(actor: string, action: string, detail: string, answer: object): void {
    this.#deps.world.activity.note({ actor, action_type: 'TOOL', action, detail, metadata: { ...answer } });
  }

  #lookAgain(): void {
    if (this.#closed) return;
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#look(), AGAIN_MS).unref();
  }

  #now(): string {
    return this.#deps.world.clock.now().toISOString();
  }
}

const sameAttempt = (one: Pick<Planned, 'task_id' | 'attempt'>, other: Pick<Planned, 'task_id' | 'attempt'>): boolean =>
  one.task_id === other.task_id && one.attempt === other.attempt;

function verdictOn({ task_id, attempt }: Planned, store: Pick<TaskStore, 'get'>): 'applied' | 'dropped' | 'waits' {
  const record: TaskRecord | undefined = store.get(task_id);
  if (!record || record.attempt > attempt) return 'dropped';
  if (SATISFYING.has(record.status)) return 'applied';
  return ['failed', 'safety_blocked', 'cancelled'].includes(record.status) ? 'dropped' : 'waits';
}
