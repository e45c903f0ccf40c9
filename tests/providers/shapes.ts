import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

export type Body = Readonly<Record<string, unknown>>;

export interface Asked {
  readonly path: string;
  readonly body: Body;
  /** 1 for the first chat call. */
  readonly number: number;
}

export interface Provider {
  readonly url: string;
  /** Chat calls in their order. */
  readonly chats: readonly Asked[];
  close(): Promise<void>;
}

const open: Provider[] = [];
afterEach(async () => {
  for (const provider of open.splice(0)) await provider.close();
});

export const reply = (text: string): Body => ({
  choices: [{ message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 4, completion_tokens: 2 },
});
export const json = (res: ServerResponse, status: number, body: unknown): void =>
  void res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
export const refuse = (res: ServerResponse, message: string, more: object = {}): void =>
  json(res, 400, { error: { message, ...more } });

export interface Behaviour {
  /** What `GET …/models` answers; undefined: 404 as a page. */
  readonly models?: () => unknown;
  /** Where the API stands; anything else is 404 as a page. */
  readonly under?: string;
  readonly chat: (asked: Asked, res: ServerResponse, req: IncomingMessage) => void;
}

/** A loopback provider that behaves as a test says, closed after it. */
export async function aProvider({ models, under = '/v1', chat }: Behaviour): Promise<Provider> {
  const chats: Asked[] = [];
  const nothing = (res: ServerResponse) => void res.writeHead(404, { 'content-type': 'text/html' }).end('404 page not found');
  const serve = async (req: IncomingMessage, res: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const path = req.url ?? '';
    if (path === `${under}/models` && models) return json(res, 200, models());
    if (path !== `${under}/chat/completions`) return nothing(res);
    const asked = { path, body: JSON.parse(Buffer.concat(chunks).toString()), number: chats.length + 1 };
    chats.push(asked);
    chat(asked, res, req);
  };
  const server = createServer((req, res) => void serve(req, res).catch(() => res.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const provider: Provider = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    chats,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  open.push(provider);
  return provider;
}

export const list = (...ids: readonly (string | object)[]) => ({
  object: 'list',
  data: ids.map((id) => (typeof id === 'string' ? { id } : id)),
});
