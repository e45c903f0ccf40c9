import { CallFailure } from './call-failure.ts';

/** No body of a provider is longer; what goes on beyond it is not an answer. */
const MOST_CHARS = 32_000_000;

export interface Streamed {
  /** The answer's text up to here, thinking left out. */
  readonly text: string;
}

type Fields = Readonly<Record<string, unknown>>;

export const isEventStream = ({ headers }: Response): boolean =>
  headers.get('content-type')?.toLowerCase().startsWith('text/event-stream') === true;

/** A body as text. @throws CallFailure when it has no end */
export async function readBody(response: Response, onPiece: () => void = () => undefined): Promise<string> {
  let text = '';
  for await (const piece of piecesOf(response)) {
    onPiece();
    text += piece;
    if (text.length > MOST_CHARS) throw new CallFailure('bad_reply', 'the reply has no end', { mayBeCharged: true });
  }
  return text;
}

/** Server-sent events of a chat completion, put together as the reply that would have come in one piece. */
export async function readStream(response: Response, onPiece: (so_far: Streamed) => void): Promise<unknown> {
  const reply = new Reply();
  let rest = '';
  let length = 0;
  for await (const piece of piecesOf(response)) {
    length += piece.length;
    if (length > MOST_CHARS) throw new CallFailure('bad_reply', 'the reply has no end', { mayBeCharged: true });
    const lines = (rest + piece).split(/\r\n|\n|\r/);
    rest = lines.pop() ?? '';
    for (const line of lines) reply.take(line);
    onPiece({ text: reply.text });
    if (reply.done) break;
  }
  reply.take(rest);
  if (!reply.ended)
    throw new CallFailure('unavailable', 'the connection broke off within the answer', {
      mayBeCharged: true,
      partial: reply.text,
    });
  return reply.whole();
}

async function* piecesOf({ body }: Response): AsyncGenerator<string> {
  if (!body) return;
  const decoder = new TextDecoder();
  for await (const bytes of body) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

interface Call {
  id: unknown;
  name: string;
  arguments: string;
}

/** A reply that grows event by event. */
class Reply {
  text = '';
  /** The server said that nothing follows. */
  done = false;
  #last: Fields = {};
  #finish: unknown;
  #usage: unknown;
  #error: unknown;
  #thinking = '';
  #refusal = '';
  readonly #parts: unknown[] = [];
  readonly #calls = new Map<unknown, Call>();

  get ended(): boolean {
    return this.done || this.#error !== undefined || (this.#finish !== undefined && this.#finish !== null);
  }

  take(line: string): void {
    const data = /^data:\s?(.*)$/.exec(line)?.[1]?.trim();
    if (data === undefined || data === '') return;
    if (data === '[DONE]') {
      this.done = true;
      return;
    }
    const event = parsed(data);
    if (!isObject(event)) return;
    this.#last = event;
    if (event['error'] !== undefined && event['error'] !== null) this.#error = event['error'];
    this.#usage = event['usage'] ?? (isObject(event['x_groq']) ? event['x_groq']['usage'] : undefined) ?? this.#usage;
    const choice: unknown = Array.isArray(event['choices']) ? event['choices'][0] : undefined;
    if (isObject(choice)) this.#grow(choice);
  }

  /** The body of a completion that came in one piece. */
  whole(): unknown {
    if (this.#error !== undefined) return { error: this.#error };
    const calls = [...this.#calls.values()].map(({ id, ...called }) => ({ id, type: 'function', function: called }));
    const content = this.#parts.length > 0 ? [...this.#parts, { type: 'text', text: this.text }] : this.text;
    const message = {
      role: 'assistant',
      content,
      ...(this.#thinking === '' ? {} : { reasoning: this.#thinking }),
      ...(this.#refusal === '' ? {} : { refusal: this.#refusal }),
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    };
    return { ...this.#last, choices: [{ message, finish_reason: this.#finish }], usage: this.#usage };
  }

  #grow(choice: Fields): void {
    this.#finish = choice['finish_reason'] ?? this.#finish;
    const delta = isObject(choice['delta']) ? choice['delta'] : isObject(choice['message']) ? choice['message'] : choice;
    const { content, text, refusal } = delta;
    if (typeof content === 'string') this.text += content;
    else if (Array.isArray(content)) for (const part of content) this.#part(part);
    else if (typeof text === 'string') this.text += text;
    if (typeof refusal === 'string') this.#refusal += refusal;
    const thought = ['reasoning_content', 'reasoning', 'thinking']
      .map((key) => delta[key])
      .find((value) => typeof value === 'string');
    this.#thinking += thought ?? '';
    if (Array.isArray(delta['tool_calls'])) for (const call of delta['tool_calls']) this.#call(call);
  }

  #part(part: unknown): void {
    if (isObject(part) && part['type'] === 'text' && typeof part['text'] === 'string') this.text += part['text'];
    else this.#parts.push(part);
  }

  /** Pieces of one call share its index; servers without indexes send each call whole. */
  #call(piece: unknown): void {
    if (!isObject(piece)) return;
    const called = isObject(piece['function']) ? piece['function'] : piece;
    const key = piece['index'] ?? piece['id'] ?? this.#calls.size;
    const call = this.#calls.get(key) ?? { id: piece['id'], name: '', arguments: '' };
    call.name += typeof called['name'] === 'string' ? called['name'] : '';
    const given = called['arguments'];
    call.arguments += typeof given === 'string' ? given : isObject(given) ? JSON.stringify(given) : '';
    this.#calls.set(key, call);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
