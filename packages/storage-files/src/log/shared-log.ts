import { randomBytes } from 'node:crypto';
import { type BadLine, type LogOptions, type LogRecord, type SharedLog, StorageError } from '@vivarium/core';
import { followFolder } from './follow.ts';
import { encodeLine } from './line.ts';
import { SegmentChain } from './segment-chain.ts';
import { prepareFolder } from './segments.ts';
import { Snapshots } from './snapshot.ts';
import { FRESH_LINE, readTail, type TailLine } from './tail.ts';

const DEFAULT_ROTATE_BYTES = 64 * 1024 * 1024;
/** Small enough that what is read of it is gone before the next one. */
const READ_CHUNK = 256 * 1024;
const LONGER = 8;
/** How often an append is written again when a seal or a torn line swallowed it. More than that means a broken disk. */
const MAX_WRITES = 20;
const KEPT_BAD_LINES = 1000;

export interface SharedLogOptions<T> extends LogOptions<T> {
  /** Path of the first segment, e.g. `<workspace>/execution_log.jsonl`. */
  readonly file: string;
}

interface PendingAppend<T> {
  readonly values: readonly T[];
  readonly lines: readonly string[];
  readonly rec: string;
  readonly durable: boolean;
  readonly resolve: (records: readonly LogRecord<T>[]) => void;
  readonly reject: (cause: unknown) => void;
}

type Landed<T> = Map<string, LogRecord<T>[]>;

/** Open a log, fold what stands in it (from its snapshot on, when there is one), and keep the place. */
export async function openSharedLog<T extends object>(options: SharedLogOptions<T>): Promise<SharedLog<T>> {
  prepareFolder(options.file);
  return new FileLog(options);
}

class FileLog<T extends object> implements SharedLog<T> {
  readonly badLines: BadLine[] = [];
  readonly #options: SharedLogOptions<T>;
  readonly #writer = randomBytes(5).toString('base64url');
  readonly #chain: SegmentChain;
  readonly #snapshots: Snapshots | undefined;
  readonly #followers = new Set<() => void>();
  /** Offset within the open segment up to which everything is folded. */
  #consumed = 0;
  /** Size of the segment as last seen; larger than `#consumed` while an unfinished line stands at its end. */
  #seen = 0;
  /** Up to where followers need no telling. Others' records also come in with a refresh or an append of ours. */
  #told = 0;
  #appends = 0;
  /** True while records go through the fold. */
  #folding = false;
  #queue: PendingAppend<T>[] = [];
  /** While appends are being written: which of ours were read back. */
  #landed: Landed<T> | undefined;
  #stopFollowing: (() => void) | undefined;
  #failed: StorageError | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: SharedLogOptions<T>) {
    this.#options = options;
    this.#chain = new SegmentChain(options.file);
    this.#snapshots = options.snapshot && new Snapshots(options.file, options.snapshot, this.#chain);
    const start = this.#snapshots?.load() ?? 0;
    this.#chain.seek(start);
    this.#consumed = start - this.#chain.base;
    this.refresh();
  }

  get position(): number {
    return this.#chain.base + this.#consumed;
  }

  append(values: readonly T[], options: { durable?: boolean } = {}): Promise<readonly LogRecord<T>[]> {
    if (this.#failed) return Promise.reject(this.#failed);
    if (values.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      const rec = this.#nextRec();
      // What cannot be encoded throws here: it is refused alone, not with the others of its batch.
      const lines = encodeAppend(values, rec);
      if (this.#queue.length === 0) queueMicrotask(() => this.#flush());
      this.#queue.push({ values, lines, rec, durable: options.durable ?? false, resolve, reject });
    });
  }

  refresh(): number {
    if (this.#failed) throw this.#failed;
    // Asked while records are being folded, by a fold or its listener: what is left of them comes in its turn, and none twice.
    if (this.#folding) return 0;
    let count = 0;
    return this.#whileFolding(() => {
      for (;;) {
        const size = this.#chain.size();
        if (size < this.#consumed) throw this.#fail(`${this.#chain.file} became shorter while it was in use`);
        if (size === this.#seen) return count;
        count += this.#readTo(size);
      }
    });
  }

  #whileFolding<R>(work: () => R): R {
    this.#folding = true;
    try {
      return work();
    } finally {
      this.#folding = false;
    }
  }

  /** What anybody was told is written lies in the file. */
  async catchUp(): Promise<void> {
    // Asked from within a fold: once that has come to its end.
    if (this.#folding) await undefined;
    this.refresh();
  }

  sync(): Promise<void> {
    return this.#chain.sync();
  }

  follow(listener: () => void): () => void {
    if (this.#followers.size === 0) this.#told = this.position;
    this.#followers.add(listener);
    this.#stopFollowing ??= followFolder(this.#options.file, () => this.#wake());
    return () => {
      this.#followers.delete(listener);
      if (this.#followers.size > 0) return;
      this.#stopFollowing?.();
      this.#stopFollowing = undefined;
    };
  }

  read(positions: readonly number[]): T[] {
    return positions.map((position) => this.#options.parse(JSON.parse(this.#chain.lineAt(position))));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#stopFollowing?.();
    this.#followers.clear();
    if (!this.#failed) await this.#snapshots?.saveLast(this.position);
    this.#failed ??= new StorageError('The log is closed');
    await this.#chain.close();
  }

  #flush(): void {
    const batch = this.#queue;
    this.#queue = [];
    const { landed, failure } = this.#write(batch);
    for (const append of batch) this.#settle(append, landed.get(append.rec), failure);
    this.#maintain();
  }

  /** Resolve an append that landed, after the sync it asked for; reject one that did not. */
  #settle(append: PendingAppend<T>, records: readonly LogRecord<T>[] | undefined, failure: unknown): void {
    if (!records) append.reject(failure);
    else if (append.durable) this.#settleAfterSync(append, records);
    else append.resolve(records);
  }

  #settleAfterSync(append: PendingAppend<T>, records: readonly LogRecord<T>[]): void {
    this.#chain.sync().then(
      () => append.resolve(records),
      (cause: StorageError) => {
        this.#failed = cause;
        append.reject(cause);
      },
    );
  }

  /**
   * Write what has not landed yet and read back, until everything has or a write fails. What others wrote in the meantime
   * need not be known before: it shows in the size afterwards.
   */
  #write(batch: readonly PendingAppend<T>[]): { landed: Landed<T>; failure: unknown } {
    const landed: Landed<T> = new Map();
    this.#landed = landed;
    try {
      for (let tries = 0; tries < MAX_WRITES; tries++) {
        const missing = batch.filter((append) => !landed.has(append.rec));
        if (missing.length === 0) return { landed, failure: undefined };
        this.#writeOnce(missing, landed);
      }
      throw new StorageError(`The log ${this.#options.file} swallowed a line ${MAX_WRITES} times`);
    } catch (failure) {
      this.#readBackQuietly();
      return { landed, failure };
    } finally {
      this.#landed = undefined;
    }
  }

  /** After a failed write: what landed all the same. Trouble with that is told to whoever asks next; the write's own comes first. */
  #readBackQuietly(): void {
    if (this.#failed) return;
    try {
      this.refresh();
    } catch {
      // `refresh` keeps what made the log unusable.
    }
  }

  #writeOnce(batch: readonly PendingAppend<T>[], landed: Landed<T>): void {
    const before = this.#seen;
    const onFreshLine = before === this.#consumed;
    const bytes = Buffer.from((onFreshLine ? '' : FRESH_LINE) + batch.map(({ lines }) => lines.join('')).join(''));
    this.#chain.write(bytes);
    if (onFreshLine && this.#chain.size() === before + bytes.length) this.#whileFolding(() => this.#foldOwn(batch, landed));
    else this.refresh();
  }

  /** Nobody wrote in between, so the file now ends with exactly these lines: no need to read them again. */
  #foldOwn(batch: readonly PendingAppend<T>[], landed: Landed<T>): void {
    const nothingToTell = this.#told === this.position;
    for (const append of batch) {
      let offset = this.#consumed;
      const records = append.values.map((value, part) => {
        const record = { position: this.#chain.base + offset, value };
        offset += Buffer.byteLength(append.lines[part] ?? '');
        return record;
      });
      landed.set(append.rec, records);
      this.#consumed = offset;
      this.#seen = offset;
      for (const record of records) this.#options.onRecord(record, this);
    }
    if (nothingToTell) this.#told = this.position;
  }

  #readTo(size: number): number {
    let count = 0;
    while (this.#consumed < size) {
      const start = this.#consumed;
      const read = this.#readChunk(size);
      count += read.lines.length;
      if (read.sealed_at !== undefined) {
        this.#chain.moveOn(this.#chain.base + read.sealed_at);
        this.#consumed = 0;
        this.#seen = 0;
        return count;
      }
      this.#consumed = read.consumed;
      if (read.consumed === start) break;
    }
    this.#seen = size;
    return count;
  }

  /** Read on from the folded end; an append that is longer than the chunk needs a longer one. */
  #readChunk(size: number) {
    const start = this.#consumed;
    let length = READ_CHUNK;
    let tail = readTail(this.#chain.readHere(start, Math.min(size - start, length)), start);
    while (tail.consumed === start && tail.sealed_at === undefined && start + length < size) {
      length *= LONGER;
      tail = readTail(this.#chain.readHere(start, Math.min(size - start, length)), start);
    }
    for (const line of tail.bad) this.#reportBad({ file: this.#chain.file, ...line });
    for (const line of tail.lines) {
      this.#consumed = line.end;
      this.#fold(line);
    }
    return tail;
  }

  #fold(line: TailLine): void {
    let value: T;
    try {
      value = this.#options.parse(line.value);
    } catch {
      this.#reportBad({ file: this.#chain.file, line_start: line.offset, reason: 'invalid' });
      return;
    }
    const record = { position: this.#chain.base + line.offset, value };
    if (this.#landed && line.rec.startsWith(this.#writer)) {
      const own = this.#landed.get(line.rec);
      if (own) own.push(record);
      else this.#landed.set(line.rec, [record]);
    }
    this.#options.onRecord(record, this);
  }

  #reportBad(line: BadLine): void {
    if (this.badLines.length < KEPT_BAD_LINES) this.badLines.push(line);
    this.#options.onBadLine?.(line);
  }

  #wake(): void {
    try {
      this.refresh();
      if (this.position === this.#told) return;
    } catch (cause) {
      if (cause instanceof StorageError) this.#failed ??= cause;
    }
    this.#told = this.position;
    for (const listener of this.#followers) listener();
  }

  /** After an append: seal a full segment, take a snapshot when enough has come. */
  #maintain(): void {
    if (this.#failed) return;
    if (this.#consumed >= (this.#options.rotateBytes ?? DEFAULT_ROTATE_BYTES)) this.#seal();
    this.#snapshots?.saveWhenDue(this.position);
  }

  /** A seal that cannot be written is tried again after the next append. */
  #seal(): void {
    const prefix = this.#seen === this.#consumed ? '' : FRESH_LINE;
    const line = encodeLine({ segment_sealed: true }, this.#nextRec(), { index: 1, count: 1 });
    try {
      this.#chain.write(Buffer.from(prefix + line));
      this.refresh();
    } catch (cause) {
      if (cause instanceof StorageError && cause.fatal) this.#failed = cause;
    }
  }

  #nextRec(): string {
    return `${this.#writer}.${(this.#appends++).toString(36)}`;
  }

  #fail(message: string): StorageError {
    this.#failed = new StorageError(message, {
      fatal: true,
      fix: 'Somebody cut the log while a process had it open; start the process again',
    });
    return this.#failed;
  }
}

function encodeAppend(values: readonly object[], rec: string): string[] {
  const count = values.length;
  return values.map((value, at) => encodeLine(value, rec, { index: at + 1, count }));
}
