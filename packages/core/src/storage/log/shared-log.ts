import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { StorageError } from '../../errors/index.ts';
import type { BadLine, LogRecord, SharedLog } from '../../ports/shared-log.ts';
import { followFolder } from './follow.ts';
import { encodeLine } from './line.ts';
import { listSegments, openSegment, prepareFolder, type Segment, segmentFile } from './segments.ts';
import { readSnapshot, type SnapshotCodec, shownPosition, WITNESS_BYTES, writeSnapshot } from './snapshot.ts';
import { Syncer } from './syncer.ts';
import { readTail, type TailLine } from './tail.ts';

const DEFAULT_ROTATE_BYTES = 64 * 1024 * 1024;
const DEFAULT_SNAPSHOT_BYTES = 8 * 1024 * 1024;
const READ_CHUNK = 4 * 1024 * 1024;
/** How often an append is written again when a seal or a torn line swallowed it. More than that means a broken disk. */
const MAX_WRITES = 20;

export interface SharedLogOptions<T> {
  /** Path of the first segment, e.g. `<workspace>/execution_log.jsonl`. */
  readonly file: string;
  /** Check and type a line's value; a throw makes the line an invalid one, which is skipped and reported. */
  readonly parse: (value: unknown) => T;
  /** The fold. Called for every record once, in log order, own and others'; it may read earlier records again. */
  readonly onRecord: (record: LogRecord<T>, log: Pick<SharedLog<T>, 'read'>) => void;
  readonly onBadLine?: (line: BadLine) => void;
  readonly rotateBytes?: number;
  readonly snapshot?: SnapshotCodec;
}

interface PendingAppend<T> {
  readonly values: readonly T[];
  readonly rec: string;
  readonly durable: boolean;
  readonly resolve: (records: readonly LogRecord<T>[]) => void;
  readonly reject: (cause: unknown) => void;
}

interface OpenSegment extends Segment {
  readonly fd: number;
  readonly syncer: Syncer;
}

/** Open a log, fold what stands in it (from its snapshot on, when there is one), and keep the place. */
export async function openSharedLog<T extends object>(options: SharedLogOptions<T>): Promise<SharedLog<T>> {
  prepareFolder(options.file);
  return new FileLog(options);
}

class FileLog<T extends object> implements SharedLog<T> {
  readonly #options: SharedLogOptions<T>;
  readonly #writer = randomBytes(5).toString('base64url');
  readonly badLines: BadLine[] = [];
  readonly #followers = new Set<() => void>();
  readonly #oldFiles = new Map<string, number>();
  #segments: Segment[];
  #segment: OpenSegment;
  /** Offset within the segment up to which everything is folded. */
  #consumed = 0;
  /** Size of the segment as last seen; larger than `#consumed` while an unfinished line stands at its end. */
  #seen = 0;
  #appends = 0;
  #queue: PendingAppend<T>[] = [];
  #landed: Map<string, LogRecord<T>[]> | undefined;
  #lastSnapshot = 0;
  #snapshotting: Promise<void> | undefined;
  #snapshotBytes = 0;
  #stopFollowing: (() => void) | undefined;
  #failed: StorageError | undefined;
  /** The last sync of a segment that was left behind; durable appends wait for it too. */
  #sealing: Promise<void> | undefined;

  constructor(options: SharedLogOptions<T>) {
    this.#options = options;
    this.#segments = listSegments(options.file);
    if (this.#segments.length === 0) this.#segments = [{ base: 0, file: options.file }];
    const start = this.#loadSnapshot();
    this.#segment = this.#open(this.#segmentAt(start));
    this.#consumed = start - this.#segment.base;
    this.#lastSnapshot = start;
    this.refresh();
  }

  get position(): number {
    return this.#segment.base + this.#consumed;
  }

  append(values: readonly T[], options: { durable?: boolean } = {}): Promise<readonly LogRecord<T>[]> {
    if (this.#failed) return Promise.reject(this.#failed);
    if (values.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      if (this.#queue.length === 0) queueMicrotask(() => this.#flush());
      const rec = `${this.#writer}.${(this.#appends++).toString(36)}`;
      this.#queue.push({ values, rec, durable: options.durable ?? false, resolve, reject });
    });
  }

  refresh(): number {
    if (this.#failed) throw this.#failed;
    let count = 0;
    for (;;) {
      const size = fstatSync(this.#segment.fd).size;
      if (size < this.#consumed) throw this.#fail(`${this.#segment.file} became shorter while it was in use`);
      if (size === this.#seen) return count;
      count += this.#readTo(size);
    }
  }

  follow(listener: () => void): () => void {
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
    return positions.map((position) => this.#readOne(position));
  }

  async close(): Promise<void> {
    this.#stopFollowing?.();
    this.#followers.clear();
    await this.#snapshotting;
    if (!this.#failed && this.position - this.#lastSnapshot > 256 * 1024) await this.#saveSnapshot();
    await this.#segment.syncer.idle();
    this.#failed ??= new StorageError('The log is closed');
    closeSync(this.#segment.fd);
    for (const fd of this.#oldFiles.values()) closeSync(fd);
    this.#oldFiles.clear();
  }

  #flush(): void {
    const batch = this.#queue;
    this.#queue = [];
    const { landed, failure } = this.#write(batch);
    for (const append of batch) this.#settle(append, landed.get(append.rec), failure);
    try {
      this.#maintain();
    } catch {
      // A seal that could not be written is tried again after the next append.
    }
  }

  /** Resolve an append that landed, after the sync it asked for; reject one that did not. */
  #settle(append: PendingAppend<T>, records: readonly LogRecord<T>[] | undefined, failure: unknown): void {
    if (!records) return append.reject(failure);
    if (!append.durable) return append.resolve(records);
    Promise.all([this.#sealing, this.#segment.syncer.sync()]).then(
      () => append.resolve(records),
      (cause: StorageError) => {
        this.#failed = cause;
        append.reject(cause);
      },
    );
  }

  /** Write what has not landed yet and read back, until everything has or a write fails. */
  #write(batch: readonly PendingAppend<T>[]) {
    const landed = new Map<string, LogRecord<T>[]>();
    let failure: unknown = new StorageError(`The log ${this.#options.file} swallowed a line ${MAX_WRITES} times`);
    this.#landed = landed;
    try {
      for (let tries = 0; tries < MAX_WRITES; tries++) {
        this.refresh();
        const missing = batch.filter((append) => !landed.has(append.rec));
        if (missing.length === 0) break;
        this.#writeOnce(missing, landed);
      }
    } catch (cause) {
      failure = cause;
      if (!this.#failed) this.refresh();
    } finally {
      this.#landed = undefined;
    }
    return { landed, failure };
  }

  #writeOnce(batch: readonly PendingAppend<T>[], landed: Map<string, LogRecord<T>[]>): void {
    const before = this.#seen;
    const onFreshLine = before === this.#consumed;
    const lines = batch.map((append) => encodeAppend(append));
    const bytes = Buffer.from((onFreshLine ? '' : '\n') + lines.map((own) => own.join('')).join(''));
    this.#writeBytes(bytes);
    if (onFreshLine && fstatSync(this.#segment.fd).size === before + bytes.length) this.#foldOwn(batch, lines, landed);
    else this.refresh();
  }

  #writeBytes(bytes: Buffer): void {
    let written = 0;
    try {
      written = writeSync(this.#segment.fd, bytes);
    } catch (cause) {
      throw new StorageError(`Writing to ${this.#segment.file} failed`, {
        cause,
        fix: 'Check free space and permissions (df, ls -l)',
      });
    }
    if (written < bytes.length)
      throw new StorageError(`The disk took only ${written} of ${bytes.length} bytes for ${this.#segment.file}`, {
        fix: 'Free some disk space; the torn line is skipped and nothing before it is lost',
      });
  }

  /** Nobody wrote in between, so the file now ends with exactly these lines: no need to read them again. */
  #foldOwn(batch: readonly PendingAppend<T>[], lines: readonly string[][], landed: Map<string, LogRecord<T>[]>): void {
    let offset = this.#consumed;
    for (const [index, append] of batch.entries()) {
      const records = append.values.map((value, part) => {
        const record = { position: this.#segment.base + offset, value };
        offset += Buffer.byteLength(lines[index]?.[part] ?? '');
        return record;
      });
      landed.set(append.rec, records);
      this.#consumed = offset;
      this.#seen = offset;
      for (const record of records) this.#options.onRecord(record, this);
    }
  }

  #readTo(size: number): number {
    let count = 0;
    while (this.#consumed < size) {
      const wanted = Math.min(size - this.#consumed, READ_CHUNK);
      const read = this.#readChunk(wanted, size);
      count += read.lines.length;
      if (read.sealed_at !== undefined) {
        this.#moveOn(read.sealed_at);
        return count;
      }
      if (read.lines.length === 0 && read.consumed === this.#consumed) break;
      this.#consumed = read.consumed;
    }
    this.#seen = size;
    return count;
  }

  /** Read from the folded end; when one append is longer than the chunk, read all there is. */
  #readChunk(wanted: number, size: number) {
    const start = this.#consumed;
    const bytes = Buffer.allocUnsafe(wanted);
    let tail = readTail(bytes.subarray(0, readSync(this.#segment.fd, bytes, 0, wanted, start)), start);
    if (tail.consumed === start && tail.sealed_at === undefined && start + wanted < size) {
      const all = Buffer.allocUnsafe(size - start);
      tail = readTail(all.subarray(0, readSync(this.#segment.fd, all, 0, all.length, start)), start);
    }
    for (const line of tail.bad) this.#reportBad({ file: this.#segment.file, ...line });
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
      return this.#reportBad({ file: this.#segment.file, line_start: line.offset, reason: 'invalid' });
    }
    const record = { position: this.#segment.base + line.offset, value };
    if (this.#landed && line.rec.startsWith(this.#writer)) {
      const own = this.#landed.get(line.rec);
      if (own) own.push(record);
      else this.#landed.set(line.rec, [record]);
    }
    this.#options.onRecord(record, this);
  }

  #reportBad(line: BadLine): void {
    if (this.badLines.length < 1000) this.badLines.push(line);
    this.#options.onBadLine?.(line);
  }

  /** The segment is sealed: go on in the one whose name is the position reached. */
  #moveOn(sealedAt: number): void {
    const old = this.#segment;
    const base = old.base + sealedAt;
    this.#sealing = old.syncer.sync();
    void this.#sealing
      .catch(() => undefined)
      .then(() => old.syncer.idle())
      .then(() => closeSync(old.fd));
    const next = { base, file: segmentFile(this.#options.file, base) };
    if (!this.#segments.some((segment) => segment.base === base)) this.#segments.push(next);
    this.#segment = this.#open(next);
    this.#consumed = 0;
    this.#seen = 0;
  }

  #open(segment: Segment): OpenSegment {
    const fd = openSegment(segment.file);
    return { ...segment, fd, syncer: new Syncer(fd) };
  }

  #segmentAt(position: number): Segment {
    const found = this.#segments.findLast((segment) => segment.base <= position);
    if (!found) throw new StorageError(`No segment of ${this.#options.file} holds position ${position}`);
    return found;
  }

  #wake(): void {
    try {
      if (this.refresh() === 0) return;
    } catch (cause) {
      if (cause instanceof StorageError) this.#failed ??= cause;
    }
    for (const listener of this.#followers) listener();
  }

  /** After an append: seal a full segment, take a snapshot when enough has come. */
  #maintain(): void {
    if (this.#consumed >= (this.#options.rotateBytes ?? DEFAULT_ROTATE_BYTES)) this.#seal();
    const every = Math.max(this.#options.snapshot?.everyBytes ?? DEFAULT_SNAPSHOT_BYTES, this.#snapshotBytes);
    if (this.#options.snapshot && !this.#snapshotting && this.position - this.#lastSnapshot >= every) {
      this.#snapshotting = this.#saveSnapshot().finally(() => {
        this.#snapshotting = undefined;
      });
    }
  }

  #seal(): void {
    const rec = `${this.#writer}.${(this.#appends++).toString(36)}`;
    const prefix = this.#seen === this.#consumed ? '' : '\n';
    this.#writeBytes(Buffer.from(prefix + encodeLine({ segment_sealed: true }, rec, { index: 1, count: 1 })));
    this.refresh();
  }

  async #saveSnapshot(): Promise<void> {
    const codec = this.#options.snapshot;
    if (!codec) return;
    const position = this.position;
    const others = shownPosition(this.#options.file);
    const state = position - others > this.#snapshotBytes / 2 ? codec.save() : undefined;
    this.#lastSnapshot = position;
    if (!state) return;
    this.#snapshotBytes = state.length;
    try {
      await this.#segment.syncer.sync();
      const before = this.#bytesBefore(position, WITNESS_BYTES);
      if (before) await writeSnapshot(this.#options.file, codec.version, position, state, before);
    } catch (cause) {
      if (cause instanceof StorageError && cause.fatal) this.#failed = cause;
    }
  }

  #loadSnapshot(): number {
    const codec = this.#options.snapshot;
    const found = codec && readSnapshot(this.#options.file, codec.version, (at, length) => this.#bytesBefore(at, length));
    if (!codec || !found) return 0;
    codec.load(found.state);
    this.#snapshotBytes = found.state.length;
    return found.position;
  }

  /** The log's bytes just before a position, within its segment; undefined when the log is shorter than that. */
  #bytesBefore(position: number, length: number): Buffer | undefined {
    const segment = this.#segments.findLast((candidate) => candidate.base <= position);
    if (!segment) return undefined;
    const end = position - segment.base;
    const start = Math.max(0, end - length);
    const bytes = Buffer.alloc(end - start);
    const read = readSync(this.#fdOf(segment), bytes, 0, bytes.length, start);
    return read === bytes.length ? bytes : undefined;
  }

  #readOne(position: number): T {
    const segment = this.#segmentAt(position);
    const fd = this.#fdOf(segment);
    const offset = position - segment.base;
    for (let length = 4096; ; length *= 8) {
      const bytes = Buffer.allocUnsafe(length);
      const read = readSync(fd, bytes, 0, length, offset);
      const end = bytes.subarray(0, read).indexOf(10);
      if (end >= 0) return this.#options.parse(JSON.parse(bytes.toString('utf8', 0, end)));
      if (read < length) throw new StorageError(`${segment.file} has no record at ${offset}`);
    }
  }

  #fdOf(segment: Segment): number {
    const known = this.#oldFiles.get(segment.file);
    if (known !== undefined) return known;
    const fd = openSync(segment.file, 'r');
    this.#oldFiles.set(segment.file, fd);
    return fd;
  }

  #fail(message: string): StorageError {
    this.#failed = new StorageError(message, {
      fatal: true,
      fix: 'Somebody cut the log while a process had it open; start the process again',
    });
    return this.#failed;
  }
}

function encodeAppend<T extends object>(append: PendingAppend<T>): string[] {
  const count = append.values.length;
  return append.values.map((value, at) => encodeLine(value, append.rec, { index: at + 1, count }));
}
