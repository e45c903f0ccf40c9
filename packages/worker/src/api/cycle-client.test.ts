import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type CycleClient, openCycleClient } from './cycle-client.ts';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function client(listener: RequestListener): Promise<CycleClient> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const opened = openCycleClient({ endpoint: `http://127.0.0.1:${port}`, token: 'secret-token', connections: 2 });
  stops.push(async () => {
    await opened.close();
    server.closeAllConnections();
    server.close();
  });
  return opened;
}

const answering = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  client((_req, res) => res.writeHead(status, headers).end(JSON.stringify(body)));
const go = new AbortController().signal;
const report = { timestamp: '', stage: 'api', subject: '', subject_sha256: '', passed: true, checks: [] };
const fine = {
  status: 'completed',
  result: 'ok',
  model: 'm',
  budget_used: 0,
  safety_report: report,
  simulated: false,
  replayed: false,
  duration_ms: 1,
};

describe('the door to the API', () => {
  it('shows the token and hands the result on', async () => {
    let seen: string | string[] | undefined;
    const api = await client((req, res) => {
      seen = req.headers['x-vivarium-internal-token'];
      res.end(JSON.stringify(fine));
    });
    expect(await api.cycle({ prompt: 'x' }, go)).toMatchObject({ kind: 'result', result: { result: 'ok' } });
    expect(seen).toBe('secret-token');
  });

  it('reads a problem as one, with the time the header names', async () => {
    const api = await answering(503, { title: 'x', status: 503, detail: 'down', code: 'VIV_X' }, { 'retry-after': '7' });
    expect(await api.cycle({ prompt: 'x' }, go)).toMatchObject({
      kind: 'problem',
      problem: { code: 'VIV_X', retry_after_ms: 7_000 },
    });
  });

  it.each([
    [423, 'VIV_HALTED', 'closed'],
    [503, 'VIV_SHUTTING_DOWN', 'closed'],
    [429, 'VIV_RATE_LIMITED', 'busy'],
  ])('takes %i %s as a word about the API, not about the task', async (status, code, kind) => {
    const named = { disposition: 'retry_after_backoff', retry_after_ms: 900 };
    const api = await answering(status, { title: 'x', status, detail: 'd', code, ...named });
    expect((await api.cycle({ prompt: 'x' }, go)).kind).toBe(kind);
  });

  it('calls a body that does not fit a problem', async () => {
    expect(await (await answering(200, { status: 'completed' })).cycle({ prompt: 'x' }, go)).toMatchObject({ kind: 'problem' });
    expect(await (await answering(500, 'boom')).cycle({ prompt: 'x' }, go)).toMatchObject({
      kind: 'problem',
      problem: { status: 500 },
    });
  });

  it('knows away, a broken connection and its own abort apart', async () => {
    const gone = openCycleClient({ endpoint: 'http://127.0.0.1:1', token: 't', connections: 1 });
    expect((await gone.cycle({ prompt: 'x' }, go)).kind).toBe('away');
    expect(await gone.ready()).toBe(false);
    await gone.close();
    const broken = await client((req) => req.socket.destroy());
    expect((await broken.cycle({ prompt: 'x' }, go)).kind).toBe('away');
    const abort = new AbortController();
    const silent = await client(() => abort.abort());
    expect((await silent.cycle({ prompt: 'x' }, abort.signal)).kind).toBe('aborted');
  });
});
