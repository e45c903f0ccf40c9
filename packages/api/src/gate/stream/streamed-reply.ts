import { type Fields, isObject, isText } from '../reply/fields.ts';
import { errorIn, isErrorItself, isSuccess } from '../reply/read-error.ts';
import { StreamedCalls } from './streamed-calls.ts';

/** A reply that grows event by event. */
export class StreamedReply {
  /** The answer up to here, thinking left out. */
  text = '';
  /** Characters of everything that was said: text, thinking, calls. */
  size = 0;
  /** The server said that nothing follows. */
  done = false;
  /** Something of an answer came, be it empty. */
  spoke = false;
  events = 0;
  /** The event that came last. */
  last: Fields | undefined;
  #inPieces = false;
  #finish: string | undefined;
  #usage: unknown;
  #error: unknown;
  #thinking = '';
  #refusal = '';
  readonly #parts: unknown[] = [];
  readonly #calls = new StreamedCalls();

  /** The server said that the answer is whole, or why there is none. */
  get ended(): boolean {
    return this.done || this.#error !== undefined || this.#finish !== undefined;
  }

  /** One event's data; `name` is the event's. */
  take(data: string, name?: string): void {
    if (data === '[DONE]') {
      this.done = true;
      return;
    }
    const event = parsed(data);
    if (name === 'error') this.#error = isObject(event) ? (event['error'] ?? event) : data;
    if (!isObject(event)) return;
    this.events += 1;
    this.last = event;
    const choice = choiceIn(event);
    const itself = isErrorItself(event) && !isObject(event['error']) ? event : undefined;
    this.#error = [itself, event['error'], choice?.['error']].find((error) => errorIn(error) && !isSuccess(error)) ?? this.#error;
    this.#usage = event['usage'] ?? (isObject(event['x_groq']) ? event['x_groq']['usage'] : undefined) ?? this.#usage;
    if (choice) this.#grow(choice);
  }

  /** One event that is a reply in itself. */
  get isOnePiece(): boolean {
    return this.events === 1 && (this.ended || !this.#inPieces);
  }

  /** Nothing more is heard: the answer counts as cut by the limit of tokens. */
  cut(): void {
    this.#finish = 'length';
    this.done = true;
  }

  /** The body of a reply that came in one piece. What holds no part of an answer is handed on as it came. */
  whole(): unknown {
    if (!this.spoke) return this.#error === undefined ? (this.last ?? '') : { error: this.#error };
    const calls = this.#calls.whole();
    const message = {
      role: 'assistant',
      content: this.#parts.length > 0 ? [...this.#parts, { type: 'text', text: this.text }] : this.text,
      ...(this.#thinking === '' ? {} : { reasoning: this.#thinking }),
      ...(this.#refusal === '' ? {} : { refusal: this.#refusal }),
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    };
    const choices = [{ message, finish_reason: this.#finish }];
    return { ...this.last, choices, usage: this.#usage, error: this.#error };
  }

  #grow(choice: Fields): void {
    this.spoke = true;
    this.#inPieces ||= isObject(choice['delta']) || choice['done'] === false;
    const delta = isObject(choice['delta']) ? choice['delta'] : isObject(choice['message']) ? choice['message'] : choice;
    const reasons = [choice['finish_reason'], choice['done_reason'], choice['stop_reason'], delta['stop_reason']];
    this.#finish = reasons.find(isText) ?? (choice['done'] === true ? 'stop' : this.#finish);
    const { content, refusal } = delta;
    if (Array.isArray(content)) for (const part of content) this.#part(part);
    else this.text += this.#heard([content, delta['text'], delta['response']]);
    this.#refusal += this.#heard([refusal]);
    this.#thinking += this.#heard([delta['reasoning_content'], delta['reasoning'], delta['thinking']]);
    if (!Array.isArray(delta['tool_calls'])) return;
    for (const call of delta['tool_calls'].filter(isObject)) this.size += this.#calls.take(call);
  }

  /** The first text among fields that mean the same. */
  #heard(fields: readonly unknown[]): string {
    const said = fields.find(isText) ?? '';
    this.size += said.length;
    return said;
  }

  #part(part: unknown): void {
    if (isObject(part) && part['type'] === 'text') this.text += this.#heard([part['text']]);
    else {
      this.size += JSON.stringify(part ?? null).length;
      this.#parts.push(part);
    }
  }
}

/** The part of an event that speaks: a choice, or an event that is a piece of one message itself. */
function choiceIn(event: Fields): Fields | undefined {
  const { choices, message, delta, response, content } = event;
  if (Array.isArray(choices)) return choices.find(isObject);
  if (isErrorItself(event)) return undefined;
  const speaks = isObject(message) || isObject(delta) || typeof response === 'string' || typeof content === 'string';
  return speaks ? event : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
