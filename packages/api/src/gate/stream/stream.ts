import { CallFailure } from '../call/call-failure.ts';
import { Lines } from './lines.ts';
import { StreamedReply } from './streamed-reply.ts';

/** No body of a provider is longer; what goes on beyond it is not an answer. */
const MOST_CHARS = 32_000_000;
/** A stream puts a few characters into some hundred. */
const MOST_STREAMED_CHARS = 8 * MOST_CHARS;
/** No event is longer. */
const MOST_LINE_CHARS = 4_000_000;

export interface Streamed {
  /** The answer's text up to here, thinking left out. */
  readonly text: string;
}

export interface Reading {
  /** What is said, thinking included, is cut here. */
  readonly mostChars: number;
  /** A stream was asked for, so the answer can still be had in one piece. */
  readonly asked: boolean;
  readonly onPiece: (so_far: Streamed) => void;
}

/** Bodies that are no stream of the web: one of those costs more than all the rest of a call to a server on this machine. */
const BODIES = new WeakMap<Response, AsyncIterable<Uint8Array>>();

/** Let a response have its body from elsewhere. Only what reads bodies here knows of it. */
export function withBytes(response: Response, body: AsyncIterable<Uint8Array>): Response {
  BODIES.set(response, body);
  return response;
}

/** A body as text. @throws CallFailure when it has no end */
export async function readBody(response: Response): Promise<string> {
  let text = '';
  for await (const piece of piecesOf(response)) text = grown(text, piece);
  return text;
}

/** The reply in a body: what came in one piece as it is, a stream put together as if it had. @throws CallFailure */
export async function readReply(response: Response, reading: Reading): Promise<unknown> {
  const typed = response.headers.get('content-type')?.toLowerCase().startsWith('text/event-stream') === true;
  let begun = '';
  let kind: Kind | undefined;
  const stream = new Stream(reading);
  for await (const piece of piecesOf(response)) {
    if (kind === 'events' || kind === 'lines') stream.take(piece, kind);
    else {
      const shows = begun.length < SHORT || /[\r\n]/.test(piece);
      begun = grown(begun, piece);
      if (kind === undefined && shows) kind = kindOf(begun, typed);
      if (kind === 'events' || kind === 'lines') stream.take(begun, kind);
    }
    reading.onPiece({ text: stream.text });
    if (stream.over) break;
  }
  if (kind === 'events' || kind === 'lines') return stream.end(kind);
  return typed && begun.trim() === '' ? stream.end('events') : begun;
}

/** What a body is: server-sent events, JSON objects line by line, or one piece. */
type Kind = 'events' | 'lines' | 'body';

/** Behind so many characters what a body is shows only with the end of its first line. */
const SHORT = 64;

/** By how it begins, for servers give streams every content type; undefined while that is open. */
function kindOf(begun: string, typed: boolean): Kind | undefined {
  const start = begun.trimStart();
  if (start === '' || ['data', 'event', 'id', 'retry'].some((field) => field.startsWith(start))) return undefined;
  if (/^(?:data|event|id|retry)?:/.test(start)) return 'events';
  if (!start.startsWith('{')) return typed ? 'events' : 'body';
  const end = start.search(/[\r\n]/);
  if (end === -1) return undefined;
  return isJson(start.slice(0, end)) ? 'lines' : 'body';
}

/** A stream on its way. */
class Stream {
  readonly #reply = new StreamedReply();
  readonly #lines = new Lines();
  readonly #reading: Reading;
  #length = 0;
  #event: string | undefined;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  get text(): string {
    return this.#reply.text;
  }

  /** Nothing more has to be read. */
  get over(): boolean {
    return this.#reply.done;
  }

  take(piece: string, kind: Kind): void {
    this.#length += piece.length;
    for (const line of this.#lines.cut(piece)) this.#line(line, kind);
    if (this.#length > MOST_STREAMED_CHARS || this.#lines.waiting > MOST_LINE_CHARS) throw noEnd();
  }

  /** The whole reply. @throws CallFailure when the stream ended before its answer did */
  end(kind: Kind): unknown {
    const reply = this.#reply;
    this.#line(this.#lines.end(), kind);
    if (kind === 'lines' && reply.isOnePiece) return reply.last;
    const kept = { mayBeCharged: true, partial: reply.text };
    if (reply.ended || (reply.events > 0 && !reply.spoke)) return reply.whole();
    if (reply.spoke && this.#reading.asked)
      throw new CallFailure('invalid_request', 'the stream ended without a sign that its answer is whole', {
        ...kept,
        named: ['stream'],
      });
    // Nor is it whole because the connection ended well: a proxy that goes down ends its own half well, too.
    throw new CallFailure('unavailable', 'the connection broke off within the answer', kept);
  }

  #line(line: string, kind: Kind): void {
    if (this.over) return;
    const data = kind === 'lines' ? line.trim() : fieldIn(line, 'data');
    if (data) this.#reply.take(data, this.#event);
    if (line === '') this.#event = undefined;
    else if (kind === 'events') this.#event = fieldIn(line, 'event') ?? this.#event;
    if (this.#reply.size > this.#reading.mostChars) this.#reply.cut();
  }
}

const fieldIn = (line: string, name: string): string | undefined =>
  line.startsWith(`${name}:`) ? line.slice(name.length + 1).trim() : undefined;

const noEnd = (): CallFailure => new CallFailure('bad_reply', 'the reply has no end', { mayBeCharged: true });

function grown(text: string, piece: string): string {
  if (text.length + piece.length > MOST_CHARS) throw noEnd();
  return text + piece;
}

async function* piecesOf(response: Response): AsyncGenerator<string> {
  const body = BODIES.get(response) ?? response.body;
  if (!body) return;
  const decoder = new TextDecoder();
  for await (const bytes of body) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
