import { open, stat } from 'node:fs/promises';
import { ZodError } from 'zod';
import { type Refusal, refusalOf, type TokenFold } from '../../domain/economy/fold.ts';
import { parseEntry } from '../../domain/economy/record.ts';
import { type RewardRequest, rewardEntry, rewardKey } from '../../domain/economy/reward-entry.ts';
import { rewardView, walletView } from '../../domain/economy/views.ts';
import { InvalidInputError, StorageError, TaskConflictError } from '../../errors/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { BadLine } from '../../ports/shared-log.ts';
import type { TokenEntry, TokenLedger } from '../../ports/token-ledger.ts';
import { writeDocument } from '../documents/document.ts';
import { withLock } from '../documents/lock.ts';
import { openPublisher, type Publisher } from '../documents/publisher.ts';
import type { WorkspacePaths } from '../workspace.ts';
import { LedgerFile } from './ledger-file.ts';

const MAX_TRIES = 20;

/** How a reward ended. `granted` is false when the task's identity had it already. */
export interface RewardAnswer {
  readonly granted: boolean;
  readonly tokens_requested: number;
  readonly tokens_awarded: number;
  readonly granted_at: string;
}

export interface FileTokenLedger extends TokenLedger {
  /** Pay an under-budget reward, once per task and identity; what exceeds a cap goes to the commons. */
  reward(request: Omit<RewardRequest, 'granted_at'>): Promise<RewardAnswer>;
  /** The entry that counts under a key is the reward's; undefined when there is none. */
  rewardOf(task_id: string, identity_id: string): Readonly<Record<string, unknown>> | undefined;
  /** Publish the views now. */
  publish(): Promise<void>;
  readonly badLines: readonly BadLine[];
}

export interface TokenLedgerOptions {
  readonly paths: Pick<WorkspacePaths, 'tokenLedger' | 'walletView' | 'rewardView'>;
  readonly clock: Clock;
  /** Hears when a view could not be written; it is tried again. */
  readonly onViewError?: (error: unknown) => void;
}

/** Open `.swarm/ledger.jsonl`. Several processes may have it open; the log's order decides. */
export async function openTokenLedger(options: TokenLedgerOptions): Promise<FileTokenLedger> {
  const ledger = new Ledger(options);
  await ledger.open();
  return ledger;
}

class Ledger implements FileTokenLedger {
  readonly #options: TokenLedgerOptions;
  readonly #file: LedgerFile;
  readonly #views: Publisher;
  #closing: Promise<void> | undefined;

  constructor(options: TokenLedgerOptions) {
    this.#options = options;
    this.#file = new LedgerFile(options.paths.tokenLedger, options.clock);
    this.#views = openPublisher(() => this.#publish(), options.onViewError ?? (() => undefined));
  }

  async open(): Promise<void> {
    await this.#file.open();
    if (await this.#viewsLag()) this.#views.request();
  }

  get #fold(): TokenFold {
    return this.#file.fold.tokens;
  }

  get badLines(): readonly BadLine[] {
    return this.#file.badLines;
  }

  async book(input: TokenEntry): Promise<boolean> {
    const entry = checked(input);
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      this.#file.refresh();
      if (this.#fold.keys.has(entry.key)) return false;
      const refusal = refusalOf(this.#fold, entry);
      if (refusal) throw refused(entry, refusal);
      this.#views.request();
      if (await this.#file.append(entry).durable) return true;
      if (this.#fold.keys.has(entry.key)) return false;
      // Another booking came first and left no funds: look again, and say why.
    }
    throw new TaskConflictError(`${entry.key} lost against other bookings ${MAX_TRIES} times`, { fix: 'Try again' });
  }

  async reward(input: Omit<RewardRequest, 'granted_at'>): Promise<RewardAnswer> {
    const request = { ...input, granted_at: this.#options.clock.now().toISOString() };
    for (let tries = 0; ; tries++) {
      this.#file.refresh();
      const standing = this.rewardOf(request.task_id, request.identity_id);
      if (standing) return answer(false, standing);
      const entry = rewardEntry(request, this.#fold);
      try {
        if (await this.book(entry)) return answer(true, entry.data ?? {});
      } catch (error) {
        // The wallet was filled in between: split again on what stands.
        if (!(error instanceof TaskConflictError) || tries >= MAX_TRIES) throw error;
      }
    }
  }

  rewardOf(task_id: string, identity_id: string): Readonly<Record<string, unknown>> | undefined {
    return this.#file.recordOf(rewardKey(task_id, identity_id))?.data;
  }

  balance(account: string): number {
    return this.#fold.balances.get(account) ?? 0;
  }

  balances(): ReadonlyMap<string, number> {
    return this.#fold.balances;
  }

  has(key: string): boolean {
    return this.#fold.keys.has(key);
  }

  refresh(): void {
    this.#file.refresh();
  }

  async publish(): Promise<void> {
    this.#views.request();
    await this.#views.flush();
  }

  close(): Promise<void> {
    this.#closing ??= this.#views.close().then(() => this.#file.close());
    return this.#closing;
  }

  /** Refreshing under the lock makes what is written at least as new as what stood. The log is synced first: a view never leads. */
  async #publish(): Promise<void> {
    const { paths } = this.#options;
    await withLock(paths.walletView, async (guard) => {
      this.#file.refresh();
      const wallets = walletView(this.#fold);
      const rewards = rewardView(this.#file.rewards());
      await syncFile(paths.tokenLedger);
      guard.check();
      await writeDocument(paths.rewardView, rewards);
      await writeDocument(paths.walletView, wallets);
    });
  }

  async #viewsLag(): Promise<boolean> {
    const { tokenLedger, walletView, rewardView } = this.#options.paths;
    const [log, ...views] = await Promise.all(
      [tokenLedger, walletView, rewardView].map((file) => stat(file).catch(() => undefined)),
    );
    return views.some((view) => view === undefined || view.mtimeMs < (log?.mtimeMs ?? 0));
  }
}

function checked(input: TokenEntry): TokenEntry {
  try {
    return parseEntry(input);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const problems = error.issues.map((issue) => ({ field: issue.path.join('.') || 'entry', message: issue.message }));
    throw new InvalidInputError(`The booking ${input.key} is not one`, problems);
  }
}

function refused(entry: TokenEntry, refusal: Refusal): TaskConflictError {
  const data = { key: entry.key, ...refusal };
  if (refusal.rule === 'changed_meanwhile')
    return new TaskConflictError(`${refusal.subject} changed meanwhile; nothing was booked`, {
      fix: 'Look again and decide anew',
      data,
    });
  if (refusal.rule === 'at_most')
    return new TaskConflictError(`${refusal.account} would hold ${refusal.balance} tokens, over its limit of ${refusal.limit}`, {
      data,
    });
  const message = `${refusal.account} holds ${refusal.balance} tokens; ${refusal.asked} were asked for`;
  return new TaskConflictError(message, { fix: 'Ask for no more than the account holds', data });
}

function answer(granted: boolean, data: Readonly<Record<string, unknown>>): RewardAnswer {
  const number = (key: string) => (typeof data[key] === 'number' ? data[key] : 0);
  return {
    granted,
    tokens_requested: number('tokens_requested'),
    tokens_awarded: number('tokens_awarded'),
    granted_at: typeof data['granted_at'] === 'string' ? data['granted_at'] : '',
  };
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.datasync();
  } catch (cause) {
    throw new StorageError(`${file} could not be synced`, { cause, fatal: true });
  } finally {
    await handle.close();
  }
}
