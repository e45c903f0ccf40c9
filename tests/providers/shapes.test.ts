import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anApi, freshWorkspace } from '../e2e/api-kit.ts';
import { aProvider, type Body, json, list, refuse, reply } from './shapes.ts';

const apiAt = (url: string, more: Record<string, string> = {}, workspace?: string) =>
  anApi({ VIVARIUM_PROVIDER: 'auto', OPENAI_BASE_URL: url, ...more }, workspace);

describe('the address of a server', () => {
  it.each([
    ['as it is', '/v1', '/v1'],
    ['without its version', '', '/v1'],
    ['with a slash too many', '/', '/v1'],
    ['with slashes behind', '/v1//', '/v1'],
    ['with the whole path of a call', '/v1/chat/completions', '/v1'],
    ['with the path of the list', '/v1/models', '/v1'],
    ['with a version where the server has none', '/v1', ''],
    ['below another path', '/openai', '/openai/v1'],
  ])('is found when it is given %s', async (_how, given, under) => {
    const provider = await aProvider({ under, models: () => list('m1'), chat: (_asked, res) => json(res, 200, reply('hello')) });
    const api = await apiAt(`${provider.url}${given}`);
    expect((await api.cycle({ prompt: 'x' })).body).toMatchObject({ result: 'hello', model: 'm1' });
  });

  it('that was given differently is said', async () => {
    const provider = await aProvider({ models: () => list('m1'), chat: (_asked, res) => json(res, 200, reply('hello')) });
    const api = await apiAt(provider.url);
    await api.cycle({ prompt: 'x' });
    expect((await api.status()).provider.detail).toContain('it answers at /v1, not at / as OPENAI_BASE_URL says');
  });

  it('that leads nowhere is told as that, with the setting to correct', async () => {
    const provider = await aProvider({ under: '/elsewhere', chat: () => undefined });
    const api = await apiAt(provider.url);
    const { body } = await api.cycle({ prompt: 'x' });
    expect(body).toMatchObject({ code: 'VIV_PROVIDER_BAD_ADDRESS', fix: expect.stringContaining('OPENAI_BASE_URL') });
    expect((await api.status()).provider.circuit).toMatchObject({ state: 'refused', until: expect.any(String) });
  });
});

describe('a part that a model does not take', () => {
  const answer_schema = { name: 'thing', schema: { type: 'object', properties: { ok: { type: 'boolean' } } } };
  const has = (body: Body, part: string) => body[part] !== undefined;
  it.each([
    ['temperature, by its parameter', 'temperature', 'unsupported value', { param: 'temperature' }],
    ['temperature, in words', 'temperature', 'temperature: this model only takes 1', {}],
    ['a strict schema', 'response_format', 'response_format is not available', {}],
    ['streams', 'stream', 'stream_options: extra fields not permitted', {}],
    ['anything it does not name', 'temperature', 'Bad Request', {}],
  ])('is left out once and for all: %s', async (_what, part, words, more) => {
    const provider = await aProvider({
      models: () => list('m1'),
      chat: ({ body }, res) => (has(body, part) ? refuse(res, words, more) : json(res, 200, reply('{"ok":true}'))),
    });
    const api = await apiAt(provider.url);
    for (const prompt of ['x', 'y']) expect((await api.cycle({ prompt, answer_schema })).body.result).toBe('{"ok":true}');
    const refused = provider.chats.filter(({ body }) => has(body, part)).length;
    expect(refused).toBeLessThanOrEqual(2);
    expect(has(provider.chats.at(-1)?.body ?? {}, part)).toBe(false);
    expect(provider.chats.length).toBe(2 + refused);
  });

  it('is called by the name that the model knows', async () => {
    const provider = await aProvider({
      models: () => list('m1'),
      chat: ({ body }, res) =>
        has(body, 'max_tokens')
          ? refuse(res, "Use 'max_completion_tokens' instead of 'max_tokens'")
          : json(res, 200, reply('hi')),
    });
    const api = await apiAt(provider.url);
    expect((await api.cycle({ prompt: 'x', max_tokens: 77 })).body.result).toBe('hi');
    expect(provider.chats.at(-1)?.body['max_completion_tokens']).toBe(77);
  });

  it('is asked for in less where the context is too small for it, and remembered', async () => {
    const provider = await aProvider({
      models: () => list('m1'),
      chat: ({ body }, res) => {
        const wanted = Number(body['max_tokens']);
        const words = `maximum context length is 4096 tokens, however you requested ${wanted} tokens in the completion`;
        if (wanted > 4000) refuse(res, words);
        else json(res, 200, reply('hi'));
      },
    });
    const api = await apiAt(provider.url);
    for (const prompt of ['x', 'y']) expect((await api.cycle({ prompt })).body.result).toBe('hi');
    expect(provider.chats.map(({ body }) => body['max_tokens'])).toEqual([16384, 3072, 3072]);
    expect(provider.chats.at(-1)?.body['temperature']).toBeDefined();
  });

  it('is not sent when the list of models says so, and an effort is', async () => {
    const workspace = freshWorkspace();
    mkdirSync(join(workspace, 'config'));
    const model = { provider: 'local', temperature: false, reasoning: { efforts: ['low', 'high'], default: 'low' } };
    writeFileSync(join(workspace, 'config', 'models.json'), JSON.stringify({ models: { m1: model } }));
    const provider = await aProvider({ models: () => list('m1'), chat: (_asked, res) => json(res, 200, reply('hi')) });
    const api = await apiAt(provider.url, { DEFAULT_GROQ_MODEL: 'm1' }, workspace);
    await api.cycle({ prompt: 'x' });
    expect(provider.chats[0]?.body).toMatchObject({ reasoning_effort: 'low' });
    expect(has(provider.chats[0]?.body ?? {}, 'temperature')).toBe(false);
  });

  it('is not blamed for a request that is refused without it too', async () => {
    const provider = await aProvider({
      models: () => list('m1'),
      chat: ({ body }, res) =>
        JSON.stringify(body['messages']).includes('too long')
          ? refuse(res, 'context length exceeded')
          : json(res, 200, reply('hi')),
    });
    const api = await apiAt(provider.url);
    expect((await api.cycle({ prompt: 'far too long' })).body).toMatchObject({ code: 'VIV_PROVIDER_REFUSED_REQUEST' });
    expect((await api.cycle({ prompt: 'short' })).body.result).toBe('hi');
    expect(provider.chats.at(-1)?.body['temperature']).toBeDefined();
  });
});

describe('the models of a server', () => {
  const chatter = ({ body }: { body: Body }, able: string) => body['model'] === able;
  it.each([
    ['by their ids', list('text-embedding-small', 'bge-m3', 'whisper-large', 'chat-8b')],
    [
      'by their type',
      list({ id: 'nomic', type: 'embeddings' }, { id: 'reader', type: 'reranker' }, { id: 'chat-8b', type: 'llm' }),
    ],
    ['by what comes out of them', list({ id: 'painter', architecture: { output_modalities: ['image'] } }, 'chat-8b')],
    ['by what they can', list({ id: 'x1', capabilities: { completion_chat: false } }, 'chat-8b')],
  ])('that cannot chat are passed over %s, without a call', async (_how, models) => {
    const provider = await aProvider({
      models: () => models,
      chat: (asked, res) => (chatter(asked, 'chat-8b') ? json(res, 200, reply('hi')) : refuse(res, 'cannot chat')),
    });
    const api = await apiAt(provider.url);
    expect((await api.cycle({ prompt: 'x' })).body).toMatchObject({ result: 'hi', model: 'chat-8b' });
    expect(provider.chats).toHaveLength(1);
  });

  it('that only their refusal shows to be none to chat with are passed over from then on', async () => {
    const provider = await aProvider({
      models: () => list('alpha', 'beta', 'gamma'),
      chat: (asked, res) =>
        chatter(asked, 'gamma') ? json(res, 200, reply('hi')) : refuse(res, `${asked.body['model']} cannot chat`),
    });
    const api = await apiAt(provider.url);
    expect((await api.cycle({ prompt: 'x' })).body).toMatchObject({ result: 'hi', model: 'gamma' });
    const before = provider.chats.length;
    expect((await api.cycle({ prompt: 'y' })).body.model).toBe('gamma');
    expect(provider.chats.length).toBe(before + 1);
  });

  it('are all asked when the list says of each that it cannot: the list may be wrong', async () => {
    const provider = await aProvider({ models: () => list('my-embed-chat'), chat: (_asked, res) => json(res, 200, reply('hi')) });
    expect((await (await apiAt(provider.url)).cycle({ prompt: 'x' })).body.model).toBe('my-embed-chat');
  });

  it('are listed anew when one of them is gone, and another one answers in the same call', async () => {
    let has = 'm1';
    const provider = await aProvider({
      models: () => list(has),
      chat: ({ body }, res) =>
        body['model'] === has
          ? json(res, 200, reply('hi'))
          : json(res, 404, { error: { message: `model ${body['model']} not found` } }),
    });
    const api = await apiAt(provider.url);
    expect((await api.cycle({ prompt: 'x' })).body.model).toBe('m1');
    has = 'm2';
    expect((await api.cycle({ prompt: 'y' })).body).toMatchObject({ result: 'hi', model: 'm2' });
  });

  it('named by a task are asked even so, and nothing stands in for them', async () => {
    const provider = await aProvider({
      models: () => list('alpha', 'beta'),
      chat: (asked, res) =>
        chatter(asked, 'beta') ? json(res, 200, reply('hi')) : refuse(res, `${asked.body['model']} cannot chat`),
    });
    const api = await apiAt(provider.url);
    expect((await api.cycle({ prompt: 'x', model: 'alpha' })).body.code).toBe('VIV_PROVIDER_UNKNOWN_MODEL');
    expect((await api.cycle({ prompt: 'x', model: 'beta' })).body.result).toBe('hi');
  });
});
