import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { fixFor, StorageError } from '@vivarium/core';
import { listSegments, openSegment, type Segment, segmentFile } from './segments.ts';
import { Syncer } from './syncer.ts';

interface OpenSegment extends Segment {
  readonly fd: number;
  readonly syncer: Syncer;
}

/** The files of one log as one run of bytes: the newest is open for appending, the older ones for reading. */
export class SegmentChain {
  readonly #file: string;
  readonly #segments: Segment[];
  readonly #readers = new Map<string, number>();
  /** Reused for every line: a buffer of its own for each would be a hundred thousand of them on the way through a long history. */
  readonly #line = Buffer.allocUnsafe(4096);
  #open: OpenSegment;
  /** The last sync of a segment that was left behind. */
  #sealing: Promise<void> | undefined;

  constructor(file: string) {
    this.#file = file;
    this.#segments = listSegments(file);
    if (this.#segments.length === 0) this.#segments.push({ base: 0, file });
    this.#open = openForAppend(this.#segments[0] ?? { base: 0, file });
  }

  get base(): number {
    return this.#open.base;
  }

  get file(): string {
    return this.#open.file;
  }

  size(): number {
    return fstatSync(this.#open.fd).size;
  }

  /** Go to the segment that holds a position. */
  seek(position: number): void {
    const segment = this.#segmentAt(position);
    if (segment.base === this.#open.base) return;
    closeSync(this.#open.fd);
    this.#open = openForAppend(segment);
  }

  /** The segment is sealed at this position: go on in the one whose name is that position. */
  moveOn(base: number): void {
    const old = this.#open;
    this.#sealing = old.syncer.sync();
    void retire(old, this.#sealing);
    const next = { base, file: segmentFile(this.#file, base) };
    if (!this.#segments.some((segment) => segment.base === base)) this.#segments.push(next);
    this.#open = openForAppend(next);
  }

  /** Bytes of the open segment from an offset on. */
  readHere(offset: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    return bytes.subarray(0, readSync(this.#open.fd, bytes, 0, length, offset));
  }

  /** Append with one write. @throws StorageError when the disk refused or took only a part of it. */
  write(bytes: Buffer): void {
    let written = 0;
    try {
      written = writeSync(this.#open.fd, bytes);
    } catch (cause) {
      throw new StorageError(`Writing to ${this.#open.file} failed`, { cause, fix: fixFor(cause) });
    }
    if (written === bytes.length) return;
    throw new StorageError(`The disk took only ${written} of ${bytes.length} bytes for ${this.#open.file}`, {
      fix: 'Free some disk space; the torn line is skipped and nothing before it is lost',
    });
  }

  /** Make everything written so far durable, in a segment just left too. */
  async sync(): Promise<void> {
    await Promise.all([this.#sealing, this.#open.syncer.sync()]);
  }

  /** The bytes just before a position, within its segment; undefined when the log is shorter than that. */
  bytesBefore(position: number, length: number): Buffer | undefined {
    const segment = this.#segmentAt(position);
    const end = position - segment.base;
    const start = Math.max(0, end - length);
    const bytes = Buffer.alloc(end - start);
    const read = readSync(this.#readerOf(segment), bytes, 0, bytes.length, start);
    return read === bytes.length ? bytes : undefined;
  }

  /** The whole line that starts at a position. */
  lineAt(position: number): string {
    const segment = this.#segmentAt(position);
    const fd = this.#readerOf(segment);
    for (let bytes = this.#line; ; bytes = Buffer.allocUnsafe(bytes.length * 8)) {
      const read = readSync(fd, bytes, 0, bytes.length, position - segment.base);
      const end = bytes.subarray(0, read).indexOf(10);
      if (end >= 0) return bytes.toString('utf8', 0, end);
      if (read < bytes.length) throw new StorageError(`${segment.file} has no record at ${position - segment.base}`);
    }
  }

  async close(): Promise<void> {
    await this.#open.syncer.idle();
    closeSync(this.#open.fd);
    for (const fd of this.#readers.values()) closeSync(fd);
    this.#readers.clear();
  }

  #segmentAt(position: number): Segment {
    const found = this.#segments.findLast((segment) => segment.base <= position);
    if (!found) throw new StorageError(`No segment of ${this.#file} holds position ${position}`);
    return found;
  }

  #readerOf(segment: Segment): number {
    const known = this.#readers.get(segment.file);
    if (known !== undefined) return known;
    const fd = openSync(segment.file, 'r');
    this.#readers.set(segment.file, fd);
    return fd;
  }
}

/** A failed sync is told to whoever waits for durability; here the descriptor is only given back. */
async function retire(segment: OpenSegment, sealing: Promise<void>): Promise<void> {
  await sealing.catch(() => undefined);
  await segment.syncer.idle();
  closeSync(segment.fd);
}

function openForAppend(segment: Segment): OpenSegment {
  const fd = openSegment(segment.file);
  return { ...segment, fd, syncer: new Syncer(fd) };
}
