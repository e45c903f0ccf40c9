import { LOGS } from '../../contract/names.ts';
import type { ProcessIdentity } from '../../contract/process.ts';
import { applyRecord, type BudgetFold, emptyFold, type Reservation, spentAt } from '../../domain/budget/fold.ts';
import { floorNano, toUsd } from '../../domain/budget/money.ts';
import { BudgetRecord } from '../../domain/budget/record.ts';
import { admit } from '../../domain/budget/rules.ts';
import { InvalidInputError } from '../../errors/index.ts';
import type { Backend } from '../../ports/backend.ts';
import type { BudgetLedger, BudgetState, ReservationAnswer, ReservationRequest } from '../../ports/budget.ts';
import type { Fate } from '../../ports/presence.ts';
import type { SharedLog } from '../../ports/shared-log.ts';
import { foldSnapshot } from './fold-snapshot.ts';
import { auditOrphans, type Orphan } from './orphan-audit.ts';
import { WaitingLine } from './waiting-line.ts';

/** How often a call that waits looks for reservations of dead processes. */
const BURIAL_GAP_MS = 250;
/** A call may take an hour. */
const LONGER_THAN_CALLS_MS = 2 * 3_600_000;

export interface FileBudgetLedger extends BudgetLedger {
  /**
   * Settle what dead processes left reserved, once each stands in the audit: at its true cost when the answer is known,
   * else at the full reserved amount, since the provider may have charged it. Returns how many were settled.
   */
  recover(knownCosts: ReadonlyMap<string, number>): Promise<number>;
}

export interface BudgetLedgerOptions {
  readonly backend: Pick<Backend, 'log' | 'lines' | 'clock' | 'presence'>;
  /** The cap of the whole run; recorded when it differs from the one in force. */
  readonly capUsd: number;
  /** A cap that is in force stays; `capUsd` is only for a ledger that has none. */
  readonly keepCap?: boolean;
  /** Who reserves; this process unless a test says otherwise. */
  readonly owner?: ProcessIdentity;
  readonly fateOf?: (owner: ProcessIdentity) => Fate;
}

/** Open the ledger of `.swarm/budget_ledger.jsonl`. Several processes may have it open; the log's order decides. */
export async function openBudgetLedger(options: BudgetLedgerOptions): Promise<FileBudgetLedger> {
  const ledger = new Ledger(options);
  await ledger.open();
  return ledger;
}

class Ledger implements FileBudgetLedger {
  readonly #options: BudgetLedgerOptions;
  #fold: BudgetFold = emptyFold();
  #log!: SharedLog<BudgetRecord>;
  readonly #line: WaitingLine;
  readonly #owner: ProcessIdentity;
  readonly #fateOf: (owner: ProcessIdentity) => Fate;
  #stopWatching: (() => void) | undefined;

  constructor(options: BudgetLedgerOptions) {
    this.#options = options;
    this.#owner = options.owner ?? options.backend.presence.self();
    this.#fateOf = options.fateOf ?? options.backend.presence.fateOf;
    this.#line = new WaitingLine({
      admit: (request, inflight) => admit(this.#fold, request, inflight),
      book: (request, amount) => this.#book({ ...request, amount_usd: toUsd(amount) }),
      onWaiting: (waiting) => this.#onWaiting(waiting),
    });
  }

  async open(): Promise<void> {
    this.#log = await this.#options.backend.log<BudgetRecord>(LOGS.budget, {
      parse: (value) => BudgetRecord.parse(value),
      onRecord: ({ value }) => this.#onRecord(value),
      snapshot: foldSnapshot(
        () => this.#fold,
        (fold) => {
          this.#fold = fold;
        },
      ),
    });
    const { capUsd, keepCap = false } = this.#options;
    if (keepCap && this.#fold.cap > 0) return;
    if (this.#fold.cap !== floorNano(capUsd))
      await this.#append({ kind: 'cap_set', timestamp: this.#now(), actor: 'config', cap_usd: capUsd });
  }

  async reserve(request: ReservationRequest, signal?: AbortSignal): Promise<ReservationAnswer> {
    checkRequest(request);
    // What it does not see yet, it reads back: the fold grants, not this look.
    this.#log.refresh();
    const { call_id } = request;
    const standing = this.#fold.reservations.get(call_id);
    if (standing) return { granted: true, call_id, amount_usd: toUsd(standing.amount) };
    if (this.#fold.settled.has(call_id)) throw refused(call_id, 'it is settled already; a new attempt needs a new id');
    return this.#line.enter(request, signal);
  }

  async settle(callId: string, costUsd: number, because?: string): Promise<void> {
    if (!Number.isFinite(costUsd) || costUsd < 0) throw refused(callId, `a cost of ${costUsd} is not an amount of money`);
    await this.#log.catchUp();
    if (this.#fold.settled.has(callId)) return;
    if (!this.#fold.reservations.has(callId)) throw refused(callId, 'nothing is reserved for it');
    const settled = { kind: 'settled', timestamp: this.#now(), call_id: callId, cost_usd: costUsd } as const;
    await this.#append(because === undefined ? settled : { ...settled, because });
  }

  state(): BudgetState {
    const { cap, since, reservations, reserved } = this.#fold;
    return {
      cap_usd: toUsd(cap),
      spent_usd: toUsd(spentAt(this.#fold, 'run')),
      reserved_usd: toUsd(reserved.get('run') ?? 0),
      reservations: [...reservations.values()].map(({ call_id, task_id, amount, reserved_at }) => ({
        call_id,
        ...(task_id === undefined ? {} : { task_id }),
        amount_usd: toUsd(amount),
        reserved_at,
      })),
      since,
    };
  }

  spentOn(taskId: string): number {
    return toUsd(spentAt(this.#fold, `task:${taskId}`));
  }

  chargedTo(taskId: string): number {
    this.#log.refresh();
    return toUsd(this.#fold.charged.get(taskId) ?? 0);
  }

  async reset(actor: string): Promise<void> {
    const dropped = (await this.#auditOrphans(new Map())).map(({ call_id }) => call_id);
    await this.#append({ kind: 'reset', timestamp: this.#now(), actor, dropped });
  }

  async recover(knownCosts: ReadonlyMap<string, number>): Promise<number> {
    const orphans = await this.#auditOrphans(knownCosts);
    const settlements = orphans.map(({ call_id, amount_usd }) => {
      const known = knownCosts.get(call_id);
      return known === undefined
        ? this.settle(call_id, amount_usd, 'its process ended before the answer was stored')
        : this.settle(call_id, known, 'from the stored answer');
    });
    await Promise.all(settlements);
    return orphans.length;
  }

  refresh(): void {
    this.#log.refresh();
  }

  async close(): Promise<void> {
    this.#line.close();
    await this.#log.close();
  }

  /** What dead processes left reserved; each has its line in the audit now. */
  async #auditOrphans(knownCosts: ReadonlyMap<string, number>): Promise<readonly Orphan[]> {
    await this.#log.catchUp();
    const orphans = [...this.#fold.reservations.values()]
      .filter((reservation) => this.#isOrphan(reservation, knownCosts))
      .map(({ amount, owner: _, reserved_at: __, ...call }) => ({ ...call, amount_usd: toUsd(amount) }));
    auditOrphans(orphans, knownCosts, this.#options.backend);
    return orphans;
  }

  /** Of a process out of sight only its reservation tells: its answer is stored, or it is older than any call can get. */
  #isOrphan({ owner, call_id, reserved_at }: Reservation, knownCosts: ReadonlyMap<string, number>): boolean {
    const fate = this.#fateOf(owner);
    if (fate !== 'unknown') return fate === 'dead';
    return (
      knownCosts.has(call_id) || this.#options.backend.clock.now().getTime() - Date.parse(reserved_at) > LONGER_THAN_CALLS_MS
    );
  }

  #onRecord(record: BudgetRecord): void {
    applyRecord(this.#fold, record);
    if (record.kind === 'reserved') this.#line.readBack(record.call_id);
    else this.#line.changed();
  }

  /** Append the intent; the fold says whether it counts and how much it gets. */
  async #book(request: ReservationRequest): Promise<number | undefined> {
    const { call_id } = request;
    await this.#append({ kind: 'reserved', timestamp: this.#now(), ...request, owner: this.#owner });
    const granted = this.#fold.reservations.get(call_id);
    return granted && toUsd(granted.amount);
  }

  /** While calls wait: hear what others settle, and settle what dead processes left behind. */
  #onWaiting(waiting: boolean): void {
    if (waiting && !this.#stopWatching) {
      const unfollow = this.#log.follow(() => this.#line.changed());
      const burials = setInterval(() => this.#bury(), BURIAL_GAP_MS).unref();
      this.#stopWatching = () => {
        unfollow();
        clearInterval(burials);
      };
      this.#bury();
    } else if (!waiting) {
      this.#stopWatching?.();
      this.#stopWatching = undefined;
    }
  }

  #bury(): void {
    this.recover(new Map()).catch((cause: unknown) => this.#line.fail(cause));
  }

  #append(record: BudgetRecord): Promise<unknown> {
    return this.#log.append([record], { durable: true });
  }

  #now(): string {
    return this.#options.backend.clock.now().toISOString();
  }
}

function checkRequest({ call_id, amount_usd, minimum_usd }: ReservationRequest): void {
  const sound = Number.isFinite(amount_usd) && minimum_usd >= 0 && minimum_usd <= amount_usd;
  if (!sound) throw refused(call_id, `${minimum_usd} to ${amount_usd} is not a range of money`);
}

const refused = (callId: string, message: string): InvalidInputError =>
  new InvalidInputError('The budget ledger refused a call', [{ field: `call ${callId}`, message }]);
