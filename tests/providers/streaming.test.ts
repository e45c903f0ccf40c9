import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anApi, send } from '../e2e/api-kit.ts';
import { aProvider, json, list, refuse, reply } from './shapes.ts';

const piece = (content: string, finish_reason: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ delta: { content }, finish_reason }] })}\n\n`;
const begin = (res: ServerResponse) => void res.writeHead(200, { 'content-type': 'text/event-stream' });
const end = (res: ServerResponse) => void res.end(`${piece('', 'stop')}data: [DONE]\n\n`);

type Api = Awaited<ReturnType<typeof anApi>>;
const live = async (api: Api, id: string) =>
  (await send(api.port, `/running/${id}`, { headers: { 'x-vivarium-internal-token': api.token } })).body as { text?: string };
/** Resolves once the API has heard this much of the running answer. */
async function heard(api: Api, id: string, text: string): Promise<void> {
  while (!(await live(api, id)).text?.includes(text)) await new Promise((resolve) => setImmediate(resolve));
}
const apiAt = (url: string, more: Record<string, string> = {}) =>
  anApi({ VIVARIUM_PROVIDER: 'auto', OPENAI_BASE_URL: `${url}/v1`, ...more });

describe('an answer that streams', () => {
  it('can be read while it is written, by whoever knows the token', async () => {
    let finish = (): void => undefined;
    const provider = await aProvider({
      models: () => list('m1'),
      chat: (_asked, res) => {
        begin(res);
        res.write(piece('Once upon '));
        finish = () => {
          res.write(piece('a time'));
          end(res);
        };
      },
    });
    const api = await apiAt(provider.url);
    const answer = api.cycle({ prompt: 'x', task_id: 't' });
    await heard(api, 't', 'Once upon ');
    expect((await api.get('/running/t')).status).toBe(403);
    finish();
    expect((await answer).body.result).toBe('Once upon a time');
    expect((await live(api, 't')).text).toBeUndefined();
  });

  it('is kept as far as it came when somebody halts everything', async () => {
    const provider = await aProvider({
      models: () => list('m1'),
      chat: (_asked, res) => {
        begin(res);
        res.write(piece('The first half'));
      },
    });
    const api = await apiAt(provider.url);
    const answer = api.cycle({ prompt: 'x', task_id: 't', execution_key: 't#1' });
    await heard(api, 't', 'The first half');
    api.halt();
    expect((await answer).status).toBe(423);
    expect(readFileSync(join(api.workspace, '.swarm/artifacts/t/1/partial.md'), 'utf8')).toBe('The first half');
  });

  it('lives as long as it goes on, and ends when it falls silent', async () => {
    const pieces = ['one ', 'two ', 'three ', 'four ', 'five'];
    let silent = false;
    const provider = await aProvider({
      models: () => list('m1'),
      chat: (_asked, res) => {
        begin(res);
        const left = silent ? ['and then'] : [...pieces];
        const timer = setInterval(() => {
          const next = left.shift();
          if (next !== undefined) res.write(piece(next));
          else if (!silent) end(res);
          if (next === undefined) clearInterval(timer);
        }, 350);
        res.once('close', () => clearInterval(timer));
      },
    });
    const api = await apiAt(provider.url, { VIVARIUM_MODEL_TIMEOUT: '1' });
    expect((await api.cycle({ prompt: 'x' })).body.result).toBe('one two three four five');
    silent = true;
    expect((await api.cycle({ prompt: 'y' })).body).toMatchObject({
      code: 'VIV_PROVIDER_TIMEOUT',
      detail: expect.stringContaining('the answer stopped for 1 s'),
    });
  });

  it('comes in one piece from a server that knows no streams', async () => {
    const provider = await aProvider({
      models: () => list('m1'),
      chat: ({ body }, res) => (body['stream'] ? refuse(res, 'stream is not supported') : json(res, 200, reply('hi'))),
    });
    const api = await apiAt(provider.url);
    expect((await api.cycle({ prompt: 'x' })).body.result).toBe('hi');
  });

  it('is asked for in one piece, from then on, where a stream does not say that it is whole', async () => {
    const provider = await aProvider({
      models: () => list('m1'),
      chat: ({ body }, res) => {
        if (!body['stream']) return json(res, 200, reply('hi'));
        begin(res);
        res.end(piece('h'));
      },
    });
    const api = await apiAt(provider.url);
    for (const prompt of ['x', 'y']) expect((await api.cycle({ prompt })).body.result).toBe('hi');
    expect(provider.chats.map(({ body }) => body['stream'] === true)).toEqual([true, false, false]);
  });

  it('is asked for again as a stream when the connection breaks off, or the server tells of a trouble in it', async () => {
    const troubles = [
      (res: ServerResponse) => void res.write(piece('h'), () => res.destroy()),
      (res: ServerResponse) => void res.end('data: {"object":"error","message":"overloaded","code":503}\n\ndata: [DONE]\n\n'),
    ];
    const provider = await aProvider({
      models: () => list('m1'),
      chat: ({ number }, res) => {
        begin(res);
        const trouble = troubles[number - 1];
        if (trouble) return trouble(res);
        res.write(piece('hi'));
        end(res);
      },
    });
    const api = await apiAt(provider.url);
    expect((await api.cycle({ prompt: 'x' })).body.result).toBe('hi');
    expect(provider.chats.map(({ body }) => body['stream'])).toEqual([true, true, true]);
  });

  it('is cut and its connection closed when the model does not keep to its limit', async () => {
    let closed = (): void => undefined;
    const end = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const provider = await aProvider({
      models: () => list('m1'),
      chat: (_asked, res) => {
        begin(res);
        const go = (): void => void (res.write(piece('word '.repeat(50))) ? setImmediate(go) : res.once('drain', go));
        res.once('close', closed);
        go();
      },
    });
    const api = await apiAt(provider.url);
    expect((await api.cycle({ prompt: 'x', max_tokens: 50 })).body.result).toMatch(/^word .*word/);
    await end;
    expect(provider.chats).toHaveLength(1);
  });

  it('that a filter stopped is held with that word, after one call', async () => {
    const provider = await aProvider({
      models: () => list('m1'),
      chat: (_asked, res) => {
        begin(res);
        res.end(`${piece('', 'content_filter')}data: [DONE]\n\n`);
      },
    });
    const api = await apiAt(provider.url);
    expect((await api.cycle({ prompt: 'x' })).body).toMatchObject({
      code: 'VIV_PROVIDER_FAILS_REQUEST',
      detail: expect.stringContaining("the provider's filter stopped the answer (content_filter)"),
    });
    expect(provider.chats).toHaveLength(1);
  });
});
