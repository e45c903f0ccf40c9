import type { ServerResponse } from 'node:http';
import type { Answered, AnswerName, Protocol } from './asked.ts';
import type { Refusal } from './refusals.ts';

/** A comment line of an event stream: nobody reads it, and no time-out of the client passes meanwhile. */
const WAITING = ': waiting for the model\n\n';

/** One answer on its way out. A stream that waits long begins with comments; from then on no status can be sent. */
export class Reply {
  readonly #response: ServerResponse;
  #timer: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.on('error', () => undefined);
  }

  waitAsStream(comment_ms: number): void {
    this.#timer = setInterval(() => {
      this.#begin();
      this.#response.write(WAITING);
    }, comment_ms).unref();
  }

  json(value: unknown, status = 200): void {
    this.#stopWaiting();
    const bytes = JSON.stringify(value);
    this.#response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(bytes) });
    this.#response.end(bytes);
  }

  answer(answered: Answered, name: AnswerName, protocol: Protocol, stream: boolean): void {
    if (stream) this.#end(protocol.events(answered, name));
    else this.json(protocol.whole(answered, name));
  }

  refuse({ status, code, message }: Refusal, protocol?: Protocol): void {
    if (this.#response.headersSent) this.#end(protocol?.failure(message, code) ?? []);
    else this.json({ error: { message, type: 'vivarium', code } }, status);
  }

  #end(events: readonly string[]): void {
    this.#stopWaiting();
    this.#begin();
    this.#response.end(events.join(''));
  }

  #begin(): void {
    if (this.#response.headersSent) return;
    this.#response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  }

  #stopWaiting(): void {
    clearInterval(this.#timer);
  }
}
