import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { SnapshotCodec } from '@vivarium/core';
import writeFileAtomic from 'write-file-atomic';
import type { SegmentChain } from './segment-chain.ts';

const FORMAT = 1;
/** How much of the log before the position is remembered, to notice a log that is not the one that was snapshotted. */
const WITNESS_BYTES = 256;
const DEFAULT_EVERY_BYTES = 8 * 1024 * 1024;
/** Less log than this is folded faster than a snapshot is written. */
const WORTH_BYTES = 256 * 1024;

interface Header {
  readonly format: number;
  readonly position: number;
  readonly log_witness: string;
  readonly state_sum: string;
  readonly version: number;
}

const snapshotFile = (logFile: string): string => `${logFile}.snapshot`;

/** Keeps the snapshot of one log: loads it when it fits the log, writes it as the log grows. */
export class Snapshots {
  readonly #file: string;
  readonly #codec: SnapshotCodec;
  readonly #chain: Pick<SegmentChain, 'bytesBefore' | 'sync'>;
  #lastPosition = 0;
  #lastBytes = 0;
  #running: Promise<void> | undefined;

  constructor(logFile: string, codec: SnapshotCodec, chain: Pick<SegmentChain, 'bytesBefore' | 'sync'>) {
    this.#file = logFile;
    this.#codec = codec;
    this.#chain = chain;
  }

  /**
   * Load the snapshot when it fits: same version, undamaged, and taken from these very bytes of this log. Anything else is
   * no snapshot, and the log is folded from its start. Returns the position to go on from.
   */
  load(): number {
    const found = this.#read();
    if (!found) return 0;
    this.#codec.load(found.state);
    this.#lastPosition = found.position;
    this.#lastBytes = found.state.length;
    return found.position;
  }

  /** Start a snapshot when the log has grown enough since the last one; never more often than snapshots are large. */
  saveWhenDue(position: number): void {
    const due = this.#lastPosition + Math.max(this.#codec.everyBytes ?? DEFAULT_EVERY_BYTES, this.#lastBytes);
    if (this.#running || position < due) return;
    this.#running = this.#save(position).finally(() => {
      this.#running = undefined;
    });
  }

  /** On closing: worth it when the next start would have much to fold. */
  async saveLast(position: number): Promise<void> {
    await this.#running;
    if (position - this.#lastPosition >= this.#worth) await this.#save(position);
  }

  get #worth(): number {
    return Math.min(WORTH_BYTES, this.#codec.everyBytes ?? WORTH_BYTES);
  }

  #read(): { position: number; state: Buffer } | undefined {
    const file = snapshotFile(this.#file);
    if (!statSync(file, { throwIfNoEntry: false })) return undefined;
    const bytes = readFileSync(file);
    const header = parseHeader(bytes);
    if (!header || header.format !== FORMAT || header.version !== this.#codec.version) return undefined;
    const state = bytes.subarray(bytes.indexOf(10) + 1);
    if (sum(state) !== header.state_sum) return undefined;
    const before = this.#chain.bytesBefore(header.position, WITNESS_BYTES);
    return before && sum(before) === header.log_witness ? { position: header.position, state } : undefined;
  }

  /** Another process's snapshot that is nearly as new serves as well. A snapshot that fails is only a slower start. */
  async #save(position: number): Promise<void> {
    this.#lastPosition = position;
    if (position - shownPosition(this.#file) < Math.max(this.#worth, this.#lastBytes / 2)) return;
    const state = this.#codec.save();
    this.#lastBytes = state.length;
    try {
      await this.#chain.sync();
      const before = this.#chain.bytesBefore(position, WITNESS_BYTES) ?? Buffer.alloc(0);
      const header: Header = {
        format: FORMAT,
        position,
        log_witness: sum(before),
        state_sum: sum(state),
        version: this.#codec.version,
      };
      const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), state]);
      if (shownPosition(this.#file) < position) await writeFileAtomic(snapshotFile(this.#file), bytes, { mode: 0o600 });
    } catch {
      this.#lastBytes = Math.max(this.#lastBytes, WORTH_BYTES);
    }
  }
}

/** The position of the snapshot on disk, -1 without one. Reads its first line only. */
function shownPosition(logFile: string): number {
  const file = snapshotFile(logFile);
  if (!statSync(file, { throwIfNoEntry: false })) return -1;
  const fd = openSync(file, 'r');
  try {
    const head = Buffer.alloc(512);
    return parseHeader(head.subarray(0, readSync(fd, head, 0, head.length, 0)))?.position ?? -1;
  } finally {
    closeSync(fd);
  }
}

function parseHeader(bytes: Buffer): Header | undefined {
  const end = bytes.indexOf(10);
  if (end < 0) return undefined;
  try {
    const header: unknown = JSON.parse(bytes.toString('utf8', 0, end));
    return isHeader(header) ? header : undefined;
  } catch {
    return undefined;
  }
}

function isHeader(value: unknown): value is Header {
  return (
    typeof value === 'object' &&
    value !== null &&
    'position' in value &&
    typeof value.position === 'number' &&
    'log_witness' in value
  );
}

const sum = (bytes: Buffer): string => crc32(bytes).toString(16);
