/** A machine whose every call would go through a proxy. What Vivarium asks of itself and of local servers goes straight there. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from './kit/processes.ts';
import { promptFor } from './kit/scripted-model.ts';
import { FaultWorld } from './kit/world.ts';

let proxy: Server;
let asked: number;
beforeEach(async () => {
  asked = 0;
  proxy = createServer((socket) => {
    asked += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
});
afterEach(() => void proxy.close());

/** Every way in which Node is told of a proxy, and, for a Node that knows none of them, the same dispatcher put in its place. */
function behindProxy(): Record<string, string> {
  const address = proxy.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const preload = join(temporaryFolder(), 'behind-proxy.cjs');
  writeFileSync(
    preload,
    `const dispatch = () => { require('node:net').connect(${port}, '127.0.0.1'); throw new Error('asked the proxy'); };
     const value = { dispatch, close() {}, destroy() {} };
     for (const version of [1, 2])
       Object.defineProperty(globalThis, Symbol.for('undici.globalDispatcher.' + version), { value, writable: true });`,
  );
  const url = `http://127.0.0.1:${port}`;
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]);
  const variables = Object.fromEntries(names.map((name) => [name, url]));
  return { ...variables, NODE_USE_ENV_PROXY: '1', NODE_OPTIONS: `--require ${preload}` };
}

describe('behind a proxy', () => {
  it.each([
    ['groq', ({ groqBaseUrl }: { groqBaseUrl: string }) => ({ GROQ_BASE_URL: groqBaseUrl })],
    [
      'openai',
      ({ openaiBaseUrl }: { openaiBaseUrl: string }) => ({
        VIVARIUM_PROVIDER: 'openai',
        OPENAI_BASE_URL: openaiBaseUrl.replace('127.0.0.1', 'localhost'),
      }),
    ],
  ])('a local server under %s, the API, witnesses and the panel are asked directly', async (_, provider) => {
    const world = await FaultWorld.open({});
    const env = { ...behindProxy(), ...provider(world.model) };
    await world.serve('api', { env });
    const panel = await world.serve('panel', { env });
    await world.serve('worker', { env });
    const address = /http:\S+/.exec(panel.child.lines.join('\n'))?.[0] ?? '';
    const ready = await (await fetch(new URL('/api/provider', address))).text();
    expect(ready).toContain('"reachable":true');
    await world.add([{ id: 't1', prompt: promptFor('t1'), expect_http: `${address}healthz` }]);
    await world.untilAllApproved(20_000);
    expect(asked).toBe(0);
    await world.stop();
  });

  it('a person can have local servers asked through it', async () => {
    const world = await FaultWorld.open({});
    const env = {
      ...behindProxy(),
      VIVARIUM_LOOPBACK_BY_PROXY: '1',
      VIVARIUM_PROVIDER: 'openai',
      OPENAI_BASE_URL: world.model.openaiBaseUrl,
    };
    const heard = once(proxy, 'connection');
    await world.serve('api', { env });
    await fetch(`http://127.0.0.1:${world.env['VIVARIUM_API_PORT']}/status`);
    await heard;
    expect(world.bought).toEqual([]);
    await world.stop();
  });
});
