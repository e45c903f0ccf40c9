/** What a page, or something that is none, may say over the feed: the panel stays up, and a good page sees every event. */
import { aTask } from '@vivarium/core/testing';
import fc from 'fast-check';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestPanel, testPanel } from '../e2e/panel-kit.ts';
import { send } from './http.ts';
import { cases, fuzz, odd, oddText } from './kit.ts';

let panel: TestPanel;
beforeAll(async () => {
  panel = await testPanel();
});
afterAll(async () => panel.remove());

const PACKETS = [
  '40',
  '2',
  '42["event",{}]',
  '0{}',
  '4',
  '41',
  '43',
  '45',
  '452-["x",{"_placeholder":true,"num":9}]',
  '6',
  'b4AAAA',
  '40{"seq":',
];
const AT_ONCE = 10;

const connect = (auth: object): Socket =>
  io(panel.url, { auth, transports: ['websocket'], reconnection: false, forceNew: true, extraHeaders: { origin: panel.origin } });

it('strange pages', async () => {
  const page = fc.record({
    auth: fc.record({ seq: odd, epoch: odd, more: odd }, { requiredKeys: [] }),
    says: fc.array(fc.tuple(oddText, odd), { maxLength: 3 }),
  });
  let number = 0;
  await fuzz(cases(100, 10_000) / AT_ONCE, fc.array(page, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (pages) => {
    const good = connect({});
    const events = new Promise((settle) => good.once('event', settle));
    await new Promise((settle) => good.once('snapshot', settle));
    const sockets = pages.map(({ auth }) => connect(auth));
    await Promise.all(
      sockets.map((socket) => new Promise((settle) => socket.once('stop_status', settle).once('connect_error', settle))),
    );
    for (const [at, { says }] of pages.entries())
      for (const [name, value] of says) sockets[at]?.emit(name === 'connect' ? 'x' : name, value);
    await panel.world.store.add([aTask({ id: `t${number++}` })], 'person');
    expect(await events).toMatchObject({ seq: expect.any(Number) });
    for (const socket of [good, ...sockets]) socket.disconnect();
  });
});

it('strange packets', async () => {
  const packet = fc.oneof(
    fc.constantFrom(...PACKETS),
    fc.tuple(fc.constantFrom(...PACKETS), oddText).map(([head, tail]) => head + tail),
  );
  const headers = { origin: panel.origin, 'content-type': 'text/plain;charset=UTF-8' };
  const path = '/socket.io/?EIO=4&transport=polling';
  await fuzz(cases(200, 10_000), fc.array(packet, { minLength: 1, maxLength: 4 }), async (packets) => {
    const opened = await send(panel.port, { method: 'GET', path, headers: { origin: panel.origin }, body: undefined });
    const { sid } = JSON.parse(opened.text.slice(1));
    const answer = await send(panel.port, { method: 'POST', path: `${path}&sid=${sid}`, headers, body: packets.join('\x1e') });
    expect([200, 400]).toContain(answer.status);
  });
  expect((await send(panel.port, { method: 'GET', path: '/healthz', headers: {}, body: undefined })).status).toBe(200);
});
