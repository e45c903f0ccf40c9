import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '@vivarium/core';
import { type Ask, type Asked, MODEL_NAME, type Place, type Protocol } from './asked.ts';
import { chat } from './chat.ts';
import { DOOR_LIMITS, type DoorLimits, Patience } from './limits.ts';
import { type Listening, listenIn } from './listen.ts';
import { Places } from './places.ts';
import { ExecutorLimitError, refusalOf } from './refusals.ts';
import { Reply } from './reply.ts';
import { responses } from './responses.ts';

export interface DoorOptions {
  /** Made for this door, and gone with it. */
  readonly folder: string;
  readonly ask: Ask;
  readonly clock: Clock;
  /** HALT, or the end of this process: open requests are answered 503. */
  readonly signal: AbortSignal;
  readonly limits?: Partial<DoorLimits>;
}

const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  'POST /v1/chat/completions': chat,
  'POST /v1/responses': responses,
};
const MODELS = { object: 'list', data: [{ id: MODEL_NAME, object: 'model', created: 0, owned_by: 'vivarium' }] };
const NO_KEY = { status: 401, code: 'VIV_EXECUTOR_KEY', message: 'this key opens nothing here', final: false };
const NO_PLACE = { status: 404, code: 'VIV_NOT_FOUND', message: 'only models, chat completions and responses', final: false };

/** Opens the one way out of an executor's sandbox: a socket on which it may ask a model, and nothing else. */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 });
  const listening = await listenIn(options.folder, server);
  return new Door(options, server, listening);
}

/** One attempt's door. Its key is good on this socket alone, and as long as the door is open. */
export class Door {
  readonly key = randomBytes(16).toString('hex');
  readonly socket: string;
  readonly #options: DoorOptions;
  readonly #limits: DoorLimits;
  readonly #server: Server;
  readonly #listening: Listening;
  readonly #places = new Places();
  readonly #patience: Patience;
  readonly #over = new AbortController();
  #closing: Promise<void> | undefined;
  #bytes = 0;
  #calls = 0;

  constructor(options: DoorOptions, server: Server, listening: Listening) {
    this.#options = options;
    this.#limits = { ...DOOR_LIMITS, ...options.limits };
    this.#server = server;
    this.#listening = listening;
    this.socket = listening.socket;
    this.#patience = new Patience(this.#limits, (reason) => this.#over.abort(reason));
    server.maxConnections = this.#limits.connections;
    server.on('request', (request, response) => void this.#serve(request, response));
  }

  /** Aborted when the executor has to end: what it asks for is refused for good. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Why a call was refused for good, the first one. */
  get refused(): Error | undefined {
    return this.#patience.reason;
  }

  /** Requests for an answer so far. */
  get calls(): number {
    return this.#calls;
  }

  /** From here on the key opens nothing; what is still asked is given up. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#patience.stop();
    this.#over.abort(new Error('the executor ended'));
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
    this.#listening.remove();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = new Reply(response);
    const where = `${request.method} ${request.url?.split('?', 1)[0]}`;
    const protocol = PROTOCOLS[where];
    if (!this.#isKey(request.headers.authorization)) reply.refuse(NO_KEY);
    else if (where === 'GET /v1/models') reply.json(MODELS);
    else if (!protocol) reply.refuse(NO_PLACE);
    else await this.#answer(request, response, reply, protocol);
  }

  async #answer(request: IncomingMessage, response: ServerResponse, reply: Reply, protocol: Protocol): Promise<void> {
    try {
      if (++this.#calls > this.#limits.calls) throw new ExecutorLimitError(`${this.#limits.calls} calls`);
      if (this.#patience.reason) throw this.#patience.reason;
      const asked = protocol.read(JSON.parse(await this.#bodyOf(request)));
      if (asked.stream) reply.waitAsStream(this.#limits.comment_ms);
      const place = this.#places.take(asked);
      response.once('close', () => response.writableFinished || this.#places.giveBack(place));
      const answered = await this.#places.ask(place, () => this.#ask(asked, place));
      const created = Math.floor(this.#options.clock.now().getTime() / 1000);
      reply.answer(answered, { id: `${place.hash}-${place.occurrence}`, created }, protocol, asked.stream);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.final) this.#patience.refused(error instanceof Error ? error : new Error(String(error)));
      reply.refuse(refusal, protocol);
    }
  }

  #ask(asked: Asked, place: Place) {
    return this.#options.ask(asked, place, AbortSignal.any([this.#options.signal, this.#over.signal]));
  }

  /** @throws ExecutorLimitError once all requests together are too large */
  async #bodyOf(request: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    // Without this the connection would go with the loop, and no refusal could be told.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      this.#bytes += chunk.length;
      if (this.#bytes > this.#limits.bytes) throw new ExecutorLimitError(`${this.#limits.bytes} bytes of requests`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  #isKey(authorization: string | undefined): boolean {
    const given = Buffer.from(authorization ?? '');
    const wanted = Buffer.from(`Bearer ${this.key}`);
    return this.#closing === undefined && given.length === wanted.length && timingSafeEqual(given, wanted);
  }
}
