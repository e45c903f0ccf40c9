import { createHash } from 'node:crypto';
import { GitError } from './error.ts';
import { type GitPlace, streamGit } from './run-git.ts';

/** What git calls these bytes. `like` is any id of the same repository: its length tells the hash. */
export function blobId(bytes: Buffer, like: string): string {
  return createHash(like.length === 64 ? 'sha256' : 'sha1')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex');
}

/** Reads blobs in the order asked, one git process for all. @throws GitError for an id that is absent or no blob */
export async function readBlobs(
  place: GitPlace,
  oids: readonly string[],
  onBlob: (index: number, bytes: Buffer) => void,
): Promise<void> {
  if (oids.length === 0) return;
  const parser = new BatchParser(oids, onBlob);
  await streamGit(place, ['cat-file', '--batch'], { input: `${oids.join('\n')}\n` }, (chunk) => parser.feed(chunk));
  if (parser.index !== oids.length) throw new GitError(`git cat-file gave ${parser.index} of ${oids.length} objects`);
}

/** Takes `git cat-file --batch` apart: a line `<oid> blob <size>`, the bytes, a line feed. */
class BatchParser {
  index = 0;
  private head: Buffer = Buffer.alloc(0);
  private parts: Buffer[] = [];
  private missing = -1;
  private readonly oids: readonly string[];
  private readonly onBlob: (index: number, bytes: Buffer) => void;

  constructor(oids: readonly string[], onBlob: (index: number, bytes: Buffer) => void) {
    this.oids = oids;
    this.onBlob = onBlob;
  }

  feed(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) rest = this.missing < 0 ? this.header(rest) : this.body(rest);
  }

  private header(chunk: Buffer): Buffer {
    const end = chunk.indexOf(10);
    const line = end < 0 ? chunk : chunk.subarray(0, end);
    this.head = Buffer.concat([this.head, line]);
    if (end < 0) return Buffer.alloc(0);
    const [, type, size] = this.head.toString().split(' ');
    if (type !== 'blob') throw new GitError(`${this.oids[this.index]} is not a file that the store has`, ABSENT);
    this.head = Buffer.alloc(0);
    this.missing = Number(size) + 1;
    return chunk.subarray(end + 1);
  }

  private body(chunk: Buffer): Buffer {
    const part = chunk.subarray(0, this.missing);
    this.parts.push(part);
    this.missing -= part.length;
    if (this.missing > 0) return Buffer.alloc(0);
    const whole = this.parts.length === 1 ? part : Buffer.concat(this.parts);
    this.parts = [];
    this.missing = -1;
    this.onBlob(this.index, whole.subarray(0, -1));
    this.index += 1;
    return chunk.subarray(part.length);
  }
}

const ABSENT = { fix: 'Fetch the project again with: pnpm worker project refresh <project>' };
