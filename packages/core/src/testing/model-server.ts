import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reply, toModelRequest } from './model-server-wire.ts';

/** One chat completion call as the server saw it. */
export interface ModelRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The parsed body; `{}` when it was not JSON. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly model: string;
  /** Content of the last user message: by contract the task's own prompt. */
  readonly prompt: string;
  /** Name of the JSON schema the caller asked for, e.g. `critic_verdict`. */
  readonly schemaName: string | undefined;
  /** 0 for the first call. */
  readonly index: number;
  readonly at: number;
}

/** What the server does with one call. Everything left out is the well-behaved default. */
export interface ModelReply {
  readonly text?: string | null;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly delayMs?: number;
  /** null: the reply carries no usage. Default: characters / 4 on both sides. */
  readonly usage?: Readonly<Record<string, unknown>> | null;
  readonly finishReason?: string;
  /** Send exactly this body, e.g. broken JSON. */
  readonly raw?: string;
  /** Close the socket without an answer. */
  readonly drop?: boolean;
  /** Never answer; the call ends when the caller gives up. */
  readonly hang?: boolean;
  readonly toolCalls?: readonly unknown[];
}

export type ModelHandler = (request: ModelRequest) => ModelReply | string | Promise<ModelReply | string>;

export interface ModelServer {
  readonly port: number;
  /** `GROQ_BASE_URL`: groq-sdk adds `/openai/v1` itself. */
  readonly groqBaseUrl: string;
  /** `OPENAI_BASE_URL`. */
  readonly openaiBaseUrl: string;
  readonly requests: readonly ModelRequest[];
  /** Calls that arrived. */
  readonly calls: number;
  /** Calls that were answered to the end. */
  readonly answered: number;
  /** Calls whose caller went away before the answer. */
  readonly aborted: number;
  readonly tokens: { readonly prompt: number; readonly completion: number };
  /** Ids that `GET /v1/models` lists. */
  models: string[];
  /** Replace what the server does from the next call on. */
  handle(handler: ModelHandler): void;
  /** Resolves once this many calls have arrived. */
  waitForCalls(count: number): Promise<void>;
  close(): Promise<void>;
}

/** The default: a verdict of APPROVE for the critic, a short text for everything else. */
export const obliging: ModelHandler = (request) =>
  request.schemaName === 'critic_verdict' || /critic_verdict/.test(JSON.stringify(request.body['response_format'] ?? ''))
    ? JSON.stringify({ verdict: 'APPROVE', confidence: 0.95, issues: [], suggestions: [] })
    : `Done: ${request.prompt.slice(0, 200)}`;

/** A loopback chat server that speaks what groq-sdk and openai speak, for tests and benchmarks. It never fails by itself. */
export async function startModelServer(first: ModelHandler = obliging, port = 0): Promise<ModelServer> {
  let handler = first;
  const requests: ModelRequest[] = [];
  const waiters: { count: number; done: () => void }[] = [];
  const seen = { answered: 0, aborted: 0, prompt: 0, completion: 0 };
  const state = { models: ['openai/gpt-oss-20b', 'openai/gpt-oss-120b'] };

  const arrive = (request: ModelRequest): void => {
    requests.push(request);
    for (const waiter of waiters) if (requests.length >= waiter.count) waiter.done();
  };
  const serve = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    if (req.method === 'GET' && req.url?.endsWith('/models')) {
      const data = state.models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'test' }));
      res.setHeader('content-type', 'application/json').end(JSON.stringify({ object: 'list', data }));
      return;
    }
    const request = await toModelRequest(req, requests.length);
    arrive(request);
    const answer = await handler(request);
    const sent = await reply(req, res, request, typeof answer === 'string' ? { text: answer } : answer);
    if (sent === undefined) seen.aborted += 1;
    else {
      seen.answered += 1;
      seen.prompt += sent.prompt;
      seen.completion += sent.completion;
    }
  };

  const server = createServer((req, res) => {
    serve(req, res).catch((cause: unknown) => {
      if (!res.headersSent) res.writeHead(500);
      res.end(JSON.stringify({ error: { message: `the test handler threw: ${String(cause)}` } }));
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', () => resolve()));
  const bound = (server.address() as AddressInfo).port;

  return {
    port: bound,
    groqBaseUrl: `http://127.0.0.1:${bound}`,
    openaiBaseUrl: `http://127.0.0.1:${bound}/v1`,
    requests,
    get calls() {
      return requests.length;
    },
    get answered() {
      return seen.answered;
    },
    get aborted() {
      return seen.aborted;
    },
    get tokens() {
      return { prompt: seen.prompt, completion: seen.completion };
    },
    get models() {
      return state.models;
    },
    set models(ids: string[]) {
      state.models = ids;
    },
    handle: (next) => {
      handler = next;
    },
    waitForCalls: (count) =>
      requests.length >= count ? Promise.resolve() : new Promise((done) => waiters.push({ count, done })),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
