import { LOGS } from '../../contract/names.ts';
import { parseTokenRecord, type TokenEntry, type TokenRecord } from '../../domain/economy/record.ts';
import { applyLedger, emptyLedger, type LedgerFold } from '../../domain/social/index.ts';
import type { Backend } from '../../ports/backend.ts';
import type { SharedLog } from '../../ports/shared-log.ts';
import { LEDGER_SNAPSHOT_VERSION, loadLedgerFold, saveLedgerFold } from './ledger-snapshot.ts';

/** `.swarm/ledger.jsonl` and everything that follows from it. The log's order decides among processes. */
export class Ledger {
  readonly #backend: Pick<Backend, 'log' | 'clock'>;
  #fold: LedgerFold = emptyLedger();
  #log!: SharedLog<TokenRecord>;
  /** Who waits until an own entry is folded, by its key. */
  readonly #waiting = new Map<string, () => void>();
  /** Those that were asked for before: a view shows all of them each time. */
  readonly #rewards: TokenRecord[] = [];

  constructor(backend: Pick<Backend, 'log' | 'clock'>) {
    this.#backend = backend;
  }

  async open(): Promise<this> {
    this.#log = await this.#backend.log<TokenRecord>(LOGS.society, {
      parse: parseTokenRecord,
      onRecord: ({ value, position }) => {
        applyLedger(this.#fold, value, position);
        this.#waiting.get(value.key)?.();
      },
      snapshot: {
        version: LEDGER_SNAPSHOT_VERSION,
        save: () => saveLedgerFold(this.#fold),
        load: (state) => {
          this.#fold = loadLedgerFold(state);
        },
      },
    });
    return this;
  }

  get fold(): LedgerFold {
    return this.#fold;
  }

  refresh(): number {
    return this.#log.refresh();
  }

  catchUp(): Promise<void> {
    return this.#log.catchUp();
  }

  follow(listener: () => void): () => void {
    return this.#log.follow(listener);
  }

  read(positions: readonly number[]): TokenRecord[] {
    return this.#log.read(positions);
  }

  /** Every under-budget reward, oldest first. */
  rewards(): readonly TokenRecord[] {
    for (const record of this.#log.read(this.#fold.tokens.rewards.slice(this.#rewards.length))) this.#rewards.push(record);
    return this.#rewards;
  }

  /** The record that counts under a key. */
  recordOf(key: string): TokenRecord | undefined {
    const position = this.#fold.tokens.keys.get(key);
    return position === undefined ? undefined : this.#log.read([position])[0];
  }

  /**
   * Append an intent. `folded` resolves as soon as the fold has read it, or will never; `durable` once it is on the disk, and
   * tells whether this very record counts: false means that something else came first.
   */
  append(entry: TokenEntry): { readonly folded: Promise<void>; readonly durable: Promise<boolean> } {
    const written = this.#log.append([{ timestamp: this.#backend.clock.now().toISOString(), ...entry }], { durable: true });
    const place = written.then(([record]) => record?.position);
    const counts = (position: number | undefined) => position !== undefined && this.#fold.tokens.keys.get(entry.key) === position;
    const durable = place.then(counts);
    const folded = new Promise<void>((resolve) => {
      const heard = () => {
        this.#waiting.delete(entry.key);
        resolve();
      };
      this.#waiting.set(entry.key, heard);
      place.then(heard, heard);
    });
    return { folded, durable };
  }

  /** Everything read so far is durable when it resolves. */
  sync(): Promise<void> {
    return this.#log.sync();
  }

  close(): Promise<void> {
    return this.#log.close();
  }
}
