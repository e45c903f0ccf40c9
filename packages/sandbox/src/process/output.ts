import type { Readable } from 'node:stream';

/** What is kept of a stream: its beginning and, of a longer one, its end. */
export interface Kept {
  readonly text: string;
  /** How many bytes there were. */
  readonly bytes: number;
  /** Whether some are missing in `text`. */
  readonly cut: boolean;
}

export interface Room {
  readonly head_bytes: number;
  readonly tail_bytes: number;
}

export const NOTHING: Kept = { text: '', bytes: 0, cut: false };
/** stderr always has at least this much room, so that a flood on stdout cannot hide the reason of a failure. */
const STDERR_ROOM = 8_192;

/** Read a stream to its end, holding no more of it than there is room for. */
export function keep(stream: Readable | null | undefined, { head_bytes, tail_bytes }: Room): () => Kept {
  const head: Buffer[] = [];
  let tail: Buffer[] = [];
  let [held, tailed, bytes] = [0, 0, 0];
  stream?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    const first = chunk.subarray(0, Math.max(0, head_bytes - held));
    if (first.length > 0) head.push(first);
    held += first.length;
    const rest = chunk.subarray(first.length);
    if (rest.length === 0 || tail_bytes === 0) return;
    tail.push(rest);
    tailed += rest.length;
    if (tailed < 2 * tail_bytes) return;
    tail = [Buffer.concat(tail).subarray(-tail_bytes)];
    tailed = tail_bytes;
  });
  stream?.on('error', () => undefined);
  return () => {
    const end = tail_bytes === 0 ? Buffer.alloc(0) : Buffer.concat(tail).subarray(-tail_bytes);
    const missing = bytes - held - end.length;
    if (missing === 0) return { text: decode(Buffer.concat([...head, end])), bytes, cut: false };
    const start = decoder().decode(Buffer.concat(head), { stream: true });
    return { text: end.length === 0 ? start : `${start}\n[${missing} bytes left out]\n${decode(end)}`, bytes, cut: true };
  };
}

/** stdout followed by stderr in at most `limit` bytes; what was left out is said in the last line. */
export function joinOutput(
  { stdout, stderr }: { readonly stdout: Pick<Kept, 'text' | 'bytes'>; readonly stderr: Pick<Kept, 'text' | 'bytes'> },
  limit: number,
): { output: string; truncated: boolean } {
  const glue = stdout.text !== '' && stderr.text !== '' && !stdout.text.endsWith('\n') ? '\n' : '';
  const all = stdout.bytes + stderr.bytes;
  const whole = stdout.text + glue + stderr.text;
  if (all <= limit && Buffer.byteLength(whole) <= limit) return { output: whole, truncated: false };
  const room = limit - 160;
  const errors = cut(stderr.text, Math.max(STDERR_ROOM, room - Buffer.byteLength(stdout.text)));
  const head = cut(stdout.text, room - Buffer.byteLength(errors));
  const kept = Buffer.byteLength(head) + Buffer.byteLength(errors);
  return { output: `${head}${glue}${errors}\n[output cut: the first ${kept} of ${all} bytes are kept]`, truncated: true };
}

const decoder = () => new TextDecoder('utf-8', { ignoreBOM: true });
const decode = (bytes: Buffer): string => decoder().decode(bytes);

/** At most `bytes` bytes of a text, never half a character. */
function cut(text: string, bytes: number): string {
  const buffer = Buffer.from(text);
  if (buffer.length <= bytes) return text;
  return decoder().decode(buffer.subarray(0, Math.max(0, bytes)), { stream: true });
}
