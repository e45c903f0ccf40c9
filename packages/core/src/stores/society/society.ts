import { ulid } from 'ulid';
import type { z } from 'zod';
import type { Actor } from '../../contract/actor.ts';
import { type Refused, refuse } from '../../contract/refusals.ts';
import {
  ACTIONS,
  ACTS,
  type Accepted,
  type ActArgs,
  type ActName,
  type ActOutput,
  type Context,
  entryOf,
  NUMBERS,
  RateLimit,
  unknownIdentity,
  type SocietyState as World,
} from '../../domain/social/index.ts';
import type { Backend } from '../../ports/backend.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Documents, OnFinding } from '../../ports/documents.ts';
import type { ActivityLog } from '../activity/index.ts';
import { openPublisher, type Publisher } from '../views/publisher.ts';
import { Ledger } from './ledger.ts';
import { LineLogs } from './line-logs.ts';
import { People } from './people.ts';
import { deliver, deliverMissed } from './posts.ts';
import { publishViews } from './publish.ts';
import { type Queries, societyQueries } from './queries.ts';

const MAX_TRIES = 50;

export interface ActOptions {
  /** The cycle's key; a repeat under the same key and index is told what the first was told. Without it, an act of its own. */
  readonly execution_key?: string | undefined;
  /** Which act of that cycle this is. */
  readonly index?: number | undefined;
  /** In the course of which task it is done: its fees count as that task's. */
  readonly task_id?: string | undefined;
}

/** New ids stand beside `ok` under their own names, e.g. `journal_id`. A refusal changed nothing. */
export type ActAnswer = Told<Readonly<Record<string, unknown>>> | Refused;
type Told<A> = A & { readonly ok: true };

/** The one door to the society: identities, tokens, journals, guilds, disputes, hats, bounties, rooms and mail. */
export interface SocietyStore extends Queries {
  /**
   * Let somebody do something. Checked, charged, recorded and told in one; durable when it resolves.
   * @throws StorageError when the disk refuses
   */
  act<N extends ActName>(actor: Actor, action: N, args: ActArgs<N>, options?: ActOptions): Promise<Told<ActOutput<N>> | Refused>;
  /** The same where name and arguments come from outside; what does not fit is refused. @throws what `act` throws */
  ask(actor: Actor, action: string, args: unknown, options?: ActOptions): Promise<ActAnswer>;
  /** Read what other processes did. */
  refresh(): Promise<void>;
  /** Call back after others' acts came in. Returns the way to stop. */
  follow(listener: () => void): () => void;
  /** Publish the views now. */
  publish(): Promise<void>;
  close(): Promise<void>;
}

export interface SocietyOptions {
  readonly backend: Backend;
  /** How many residents may live here; no limit when absent. */
  readonly maxResidents?: number | undefined;
  /** Hears of every act and every refusal. */
  readonly activity?: Pick<ActivityLog, 'note'> | undefined;
  readonly onFinding?: OnFinding | undefined;
  readonly onViewError?: ((error: unknown) => void) | undefined;
}

/** Open the society of a workspace. Several processes may have it open; the ledger's order decides. */
export async function openSociety(options: SocietyOptions): Promise<SocietyStore> {
  const store = new Store(options);
  await store.open();
  return Object.assign(store, societyQueries(store));
}

type Attempt = { readonly answer: ActAnswer } | { readonly accepted: Accepted; readonly durable: Promise<boolean> };

class Store {
  readonly #options: SocietyOptions;
  readonly ledger: Ledger;
  readonly documents: Documents;
  readonly people: People;
  readonly logs: LineLogs;
  readonly clock: Clock;
  readonly #rate = new RateLimit();
  readonly #own = ulid();
  #acts = 0;
  readonly #views: Publisher;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: SocietyOptions) {
    this.#options = options;
    const { backend } = options;
    this.clock = backend.clock;
    this.documents = backend.documents;
    this.ledger = new Ledger(backend);
    this.people = new People(backend.documents, options.onFinding);
    this.logs = new LineLogs(backend);
    this.#views = openPublisher(() => publishViews(this), options.onViewError ?? (() => undefined));
  }

  async open(): Promise<void> {
    await this.ledger.open();
    await this.people.refresh();
    await deliverMissed(this);
    this.#views.request();
  }

  get world(): World {
    const { tokens, society } = this.ledger.fold;
    return { tokens, society, identities: this.people.all(society), max_residents: this.#options.maxResidents };
  }

  async #catchUp(): Promise<void> {
    await this.ledger.catchUp();
    await this.people.refresh();
  }

  async refresh(): Promise<void> {
    this.ledger.refresh();
    await this.people.refresh();
  }

  follow(listener: () => void): () => void {
    return this.ledger.follow(listener);
  }

  async publish(): Promise<void> {
    this.#views.request();
    await this.#views.flush();
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#views.close();
    await this.logs.close();
    await this.ledger.close();
  }

  async act<N extends ActName>(
    actor: Actor,
    action: N,
    args: ActArgs<N>,
    options?: ActOptions,
  ): Promise<Told<ActOutput<N>> | Refused> {
    const answer = await this.ask(actor, action, args, options);
    return answer.ok ? { ...answer, ...readAs(ACTS[action].answer, answer) } : answer;
  }

  async ask(
    actor: Actor,
    action: string,
    args: unknown,
    { execution_key, index = 0, task_id }: ActOptions = {},
  ): Promise<ActAnswer> {
    const key = `act:${actor.id}:${execution_key ?? this.#ownKey()}#${index}`;
    const answer = await this.#act(actor, action, args, { key, task_id });
    this.#note(actor, action, args, answer);
    return answer;
  }

  async #act(actor: Actor, action: string, args: unknown, as: Pick<Context, 'key' | 'task_id'>): Promise<ActAnswer> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const attempt = await this.#inTurn(() => this.#attempt(actor, action, args, as, tries === 0));
      if ('answer' in attempt) return attempt.answer;
      if (!(await attempt.durable)) continue;
      for (const post of attempt.accepted.posts ?? []) await deliver(this, post);
      this.#views.request();
      return { ok: true, ...attempt.accepted.answer };
    }
    return refuse('busy', 'Others changed the same thing again and again; try again');
  }

  /** Decide on what stands and append the intent: one act of this process at a time, up to its place in the log. */
  async #attempt(
    actor: Actor,
    action: string,
    args: unknown,
    as: Pick<Context, 'key' | 'task_id'>,
    first: boolean,
  ): Promise<Attempt> {
    await this.#catchUp();
    const { world } = this;
    const rule = ACTIONS.get(action);
    const { kind, id } = actor;
    if (!rule) return { answer: refuse('unknown_action', `There is no act "${action}"`) };
    if (!rule.who.includes(kind)) return { answer: refuse('not_permitted', `${action} is for: ${rule.who.join(', ')}`) };
    if (kind === 'resident' && !world.identities.has(id)) return { answer: unknownIdentity(id) };
    const told = this.#toldBefore(as.key, action);
    if (told) return { answer: told };
    const now = this.clock.now();
    const wait_ms = first && kind === 'resident' ? this.#rate.take(id, NUMBERS.acts_per_minute, now.getTime()) : 0;
    if (wait_ms > 0) return { answer: refuse('rate_limited', `Wait ${Math.ceil(wait_ms / 1000)} seconds`) };
    const context = { actor: id, kind, now: now.toISOString(), ...as };
    const decision = rule.run(world, args, context);
    if (!decision.ok) return { answer: decision };
    if (decision.diary)
      await this.logs.append(
        `journals/${decision.diary.identity_id}`,
        { timestamp: now.toISOString(), ...decision.diary.entry },
        true,
      );
    const entry = entryOf(decision, context, action, world);
    if (!entry) return { accepted: decision, durable: Promise.resolve(true) };
    const { folded, durable } = this.ledger.append(entry);
    durable.catch(() => undefined);
    await folded;
    return { accepted: decision, durable };
  }

  #toldBefore(key: string, action: string): ActAnswer | undefined {
    if (!this.ledger.fold.tokens.keys.has(key)) return undefined;
    const record = this.ledger.recordOf(key);
    if (record?.action !== undefined && record.action !== action)
      return refuse('key_in_use', `This key stands for ${record.action}; give the next act the next index`);
    return { ok: true, ...record?.answer, replayed: true };
  }

  /** Of an act that stands for itself. */
  #ownKey(): string {
    this.#acts += 1;
    return `${this.#own}.${this.#acts}`;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#turn.then(work, work);
    this.#turn = run.catch(() => undefined);
    return run;
  }

  #note(actor: Actor, action: string, args: unknown, answer: ActAnswer): void {
    if (answer.ok && answer['replayed']) return;
    const action_type = action.includes('journal')
      ? 'JOURNAL'
      : /edit_self|wake|sleep|identity|outcome/.test(action)
        ? 'IDENTITY'
        : 'SOCIAL';
    const detail = answer.ok ? '' : `refused: ${answer.reason}`;
    this.#options.activity?.note({
      actor: actor.id,
      action_type,
      action,
      detail,
      metadata: { ...concerned(actor, args, answer), ...answer },
    });
  }
}

function readAs<A extends z.ZodObject>(schema: A, answer: unknown): z.output<A> {
  return schema.parse(answer);
}

/** What the parts of the store share. */
export type StoreParts = Pick<Store, 'documents' | 'ledger' | 'people' | 'logs' | 'clock' | 'world' | 'refresh'>;

/** About whom and which task an act of the runtime or the person was; a resident's own act says only what it answers. */
function concerned(actor: Actor, args: unknown, answer: ActAnswer): Readonly<Record<string, string>> {
  if (!answer.ok || actor.kind === 'resident' || typeof args !== 'object' || args === null) return {};
  const named = Object.entries(args).filter(([field]) => field === 'identity_id' || field === 'task_id');
  return Object.fromEntries(named.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}
