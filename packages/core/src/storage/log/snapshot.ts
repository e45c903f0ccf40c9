import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import writeFileAtomic from 'write-file-atomic';

const FORMAT = 1;
/** How much of the log before the position is remembered, to notice a log that is not the one that was snapshotted. */
const WITNESS_BYTES = 256;

interface Header {
  readonly format: number;
  readonly position: number;
  readonly log_witness: string;
  readonly state_sum: string;
  readonly version: number;
}

/** A fold's state at one position of its log. `version` changes when the state's own shape does. */
export interface SnapshotCodec {
  readonly version: number;
  save(): Buffer;
  load(state: Buffer): void;
  /** Bytes of log between two snapshots; also never more often than the last snapshot was large. */
  readonly everyBytes?: number;
}

export const snapshotFile = (logFile: string): string => `${logFile}.snapshot`;

/**
 * Read the snapshot of a log, when it fits: same format, undamaged, and taken from these very bytes of this log.
 * Anything else is no snapshot; the log is folded from its start instead.
 */
export function readSnapshot(
  logFile: string,
  version: number,
  logBytesBefore: (position: number, length: number) => Buffer | undefined,
): { position: number; state: Buffer } | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(snapshotFile(logFile));
  } catch {
    return undefined;
  }
  const header = parseHeader(bytes);
  if (!header || header.format !== FORMAT || header.version !== version) return undefined;
  const state = bytes.subarray(bytes.indexOf(10) + 1);
  if (sum(state) !== header.state_sum) return undefined;
  const before = logBytesBefore(header.position, WITNESS_BYTES);
  return before && sum(before) === header.log_witness ? { position: header.position, state } : undefined;
}

/** Write a snapshot atomically, unless a newer one stands already. The log must be synced up to `position` before. */
export async function writeSnapshot(
  logFile: string,
  version: number,
  position: number,
  state: Buffer,
  before: Buffer,
): Promise<void> {
  if (shownPosition(logFile) > position) return;
  const header: Header = { format: FORMAT, position, log_witness: sum(before), state_sum: sum(state), version };
  const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), state]);
  await writeFileAtomic(snapshotFile(logFile), bytes, { mode: 0o600 });
}

export { WITNESS_BYTES };

/** The position of the snapshot on disk, -1 without one. Reads its first line only. */
export function shownPosition(logFile: string): number {
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
