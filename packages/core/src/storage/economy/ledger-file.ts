import { parseTokenRecord, type TokenEntry, type TokenRecord } from '../../domain/economy/record.ts';
import { applyLedger, emptyLedger, type LedgerFold } from '../../domain/social/society.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SharedLog } from '../../ports/shared-log.ts';
import { openSharedLog } from '../log/index.ts';
import { LEDGER_SNAPSHOT_VERSION, loadLedgerFold, saveLedgerFold } from './snapshot.ts';

/** `.swarm/ledger.jsonl` and everything that follows from it. The log's order decides among processes. */
export class LedgerFile {
  readonly #file: string;
  readonly #clock: Clock;
  #fold: LedgerFold = emptyLedger();
  #log!: SharedLog<TokenRecord>;
  /** Those that were asked for before: a view shows all of them each time. */
  readonly #rewards: TokenRecord[] = [];

  constructor(file: string, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
  }

  async open(): Promise<this> {
    this.#log = await openSharedLog<TokenRecord>({
      file: this.#file,
      parse: parseTokenRecord,
      onRecord: ({ value, position }) => void applyLedger(this.#fold, value, position),
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
   * Append an intent. `folded` resolves as soon as the fold has it, `durable` once it is on the disk. Both tell whether
   * this very record counts: false means that something else came first.
   */
  append(entry: TokenEntry): { readonly folded: Promise<boolean>; readonly durable: Promise<boolean> } {
    const written = this.#log.append([{ timestamp: this.#clock.now().toISOString(), ...entry }], { durable: true });
    const place = written.then(([record]) => record?.position);
    const counts = (position: number | undefined) => position !== undefined && this.#fold.tokens.keys.get(entry.key) === position;
    const durable = place.then(counts);
    // The log writes and folds in the microtask it queued before this one; only the sync is still to come.
    const folded = Promise.resolve().then(() => this.#fold.tokens.keys.has(entry.key));
    return { folded, durable };
  }

  close(): Promise<void> {
    return this.#log.close();
  }
}
