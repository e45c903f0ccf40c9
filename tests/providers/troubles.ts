import type { ServerResponse } from 'node:http';

/** One kind of trouble that a provider can be in, as the answer to a chat call. */
export interface Trouble {
  readonly name: string;
  readonly answer: (res: ServerResponse) => void;
  /** Only a person, time or another request ends it: it is asked again slowly. */
  readonly refuses?: true;
  /** It is about the very request, so that it says nothing of what others ask: each of them may meet it. */
  readonly ofRequest?: true;
  /** The server takes no connection at all while it lasts. */
  readonly closed?: true;
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (res: ServerResponse) =>
    void res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const error = (status: number, message: string, more: object = {}, headers: Record<string, string> = {}) =>
  json(status, { error: { message, ...more } }, headers);
const page =
  (status: number, title: string, headers: Record<string, string> = {}) =>
  (res: ServerResponse) =>
    void res
      .writeHead(status, { 'content-type': 'text/html', ...headers })
      .end(`<!doctype html><html><title>${title}</title><body>…</body></html>`);
const text =
  (status: number, body: string, type = 'text/plain') =>
  (res: ServerResponse) =>
    void res.writeHead(status, { 'content-type': type }).end(body);
const events =
  (...lines: string[]) =>
  (res: ServerResponse) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const line of lines) res.write(line);
  };
const half = 'data: {"choices":[{"delta":{"content":"half an ans"},"finish_reason":null}]}\n\n';

const passing = (name: string, answer: Trouble['answer']): Trouble => ({ name, answer });
const refusing = (name: string, answer: Trouble['answer']): Trouble => ({ name, answer, refuses: true });

/** Kinds that pass by themselves, and kinds that are refusals. */
export const TROUBLES: readonly Trouble[] = [
  passing('503 in JSON', error(503, 'overloaded')),
  passing('503 as a page', page(503, '503 Service Temporarily Unavailable')),
  passing('503 that names a time', error(503, 'loading', {}, { 'retry-after': '1' })),
  passing('502 of a gateway', page(502, '502 Bad Gateway')),
  passing('500 in words', text(500, 'Internal Server Error')),
  passing('504', error(504, 'upstream request timeout')),
  passing('529', error(529, 'Overloaded', { type: 'overloaded_error' })),
  passing('408', text(408, '')),
  passing('409', error(409, 'conflict')),
  passing('425', text(425, 'Too Early')),
  passing('429 without a time', error(429, 'slow down')),
  passing('429 with seconds', error(429, 'slow down', {}, { 'retry-after': '1' })),
  passing('429 with milliseconds', error(429, 'slow down', {}, { 'retry-after-ms': '700' })),
  passing('429 with the time in words', error(429, 'Rate limit reached for model. Please try again in 1.2s.')),
  passing('429 as a page', page(429, 'Too many requests')),
  passing('498', error(498, 'flex tier capacity exceeded')),
  passing('a login page instead of an answer', page(200, 'Sign in')),
  passing('403 of a proxy', page(403, 'Log in to this network')),
  passing('401 as a page', page(401, 'Sign in')),
  passing('an empty body', text(200, '')),
  passing('words instead of JSON', text(200, 'OK')),
  passing('JSON that breaks off', text(200, '{"choices":[{"message":{"content":"ha', 'application/json')),
  passing('JSON without choices', json(200, { object: 'list', data: [] })),
  passing('an error with a good status', json(200, { error: { message: 'overloaded', code: 503 } })),
  passing('an error in one word', json(200, { error: 'busy' })),
  passing('an array', json(200, [])),
  passing('a connection that is reset', (res) => void res.socket?.resetAndDestroy()),
  passing('a body that breaks off', (res) => {
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': '999' }).write('{"choices":[');
    setImmediate(() => res.socket?.destroy());
  }),
  passing('a stream that breaks off', (res) => {
    events(half)(res);
    setImmediate(() => res.socket?.destroy());
  }),
  passing('a stream that ends without an end', (res) => {
    events(half)(res);
    res.end();
  }),
  passing('a stream that ends in an error', (res) => {
    events(half, 'data: {"error":{"message":"worker died","code":500}}\n\n')(res);
    res.end();
  }),
  passing('silence', () => undefined),
  passing('a stream that falls silent', events(half)),
  { name: 'nobody who takes the connection', answer: () => undefined, closed: true },
  refusing('401 in JSON', error(401, 'Incorrect API key provided')),
  refusing('403 in JSON', error(403, 'permission denied')),
  refusing('402', error(402, 'payment required')),
  refusing('an empty account', error(429, 'the account has no credit left', { code: 'insufficient_quota' })),
  refusing('a model that is not there', error(404, 'The model does not exist', { code: 'model_not_found' })),
  refusing('an address that is none', page(404, 'Not Found')),
  refusing('405', error(405, 'method not allowed')),
  { ...refusing('400', error(400, 'bad request')), ofRequest: true },
  { ...refusing('422', json(422, { detail: [{ loc: ['body'], msg: 'value error' }] })), ofRequest: true },
  refusing('413', page(413, 'Request Entity Too Large')),
];
