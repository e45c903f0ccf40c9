import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Trouble } from './troubles.ts';

/** One chat call as the provider met it. */
export interface Met {
  readonly at: number;
  /** When it was answered, or its caller had gone. */
  ended: number;
  readonly trouble: string | undefined;
  readonly who: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface TroubledProvider {
  readonly port: number;
  readonly met: readonly Met[];
  /** What every call meets from here on; undefined: good answers. */
  turn(trouble: Trouble | undefined): Promise<void>;
  /** Resolves at the next call. */
  nextCall(): Promise<Met>;
  close(): Promise<void>;
}

const APPROVAL = JSON.stringify({ verdict: 'APPROVE', confidence: 0.9, issues: [], suggestions: [] });

/** Who asks: the task that the prompt names as `<…>`, and whether its critic. */
function whoAsks(body: Readonly<Record<string, unknown>>): string {
  const said = JSON.stringify(body['messages'] ?? '');
  const task = /task-\d+/.exec(said)?.[0] ?? 'nobody';
  return `${task} ${said.includes('You review work you did not do') ? 'critic' : 'task'}`;
}

/** A loopback provider in the OpenAI shape that is well until it is told what ails it. */
export async function troubledProvider(delayMs = 0): Promise<TroubledProvider> {
  let trouble: Trouble | undefined;
  const met: Met[] = [];
  const waiters: ((call: Met) => void)[] = [];
  const open = new Set<Socket>();

  const good = (res: ServerResponse, who: string) => {
    const content = who.endsWith('critic') ? APPROVAL : `Pebbles of ${who} lie on the shore.`;
    const body = {
      choices: [{ message: { role: 'assistant', content }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 40, completion_tokens: 20 },
    };
    setTimeout(() => res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)), delayMs);
  };
  const serve = async (req: IncomingMessage, res: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    if (req.method === 'GET')
      return void res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: [{ id: 'm1' }] }));
    const body = JSON.parse(Buffer.concat(chunks).toString());
    const call: Met = { at: performance.now(), ended: Number.NaN, trouble: trouble?.name, who: whoAsks(body), body };
    res.once('close', () => {
      call.ended = performance.now();
    });
    met.push(call);
    for (const tell of waiters.splice(0)) tell(call);
    if (trouble) trouble.answer(res);
    else good(res, call.who);
  };
  const server = createServer((req, res) => void serve(req, res).catch(() => res.destroy()));
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const shut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of open) socket.destroy();
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    met,
    async turn(next) {
      const was = trouble;
      trouble = next;
      if (next?.closed && !was?.closed) await shut();
      if (was?.closed && !next?.closed) await listen(port);
    },
    nextCall: () => new Promise((resolve) => waiters.push(resolve)),
    close: () => (server.listening ? shut() : Promise.resolve()),
  };
}
