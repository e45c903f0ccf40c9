import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, VivariumError } from '@vivarium/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { Answered, Ask, Asked, Place } from './asked.ts';
import { type Door, type DoorOptions, openDoor } from './door.ts';

class Unpaid extends VivariumError {
  readonly code = 'VIV_BUDGET_EXCEEDED';
  readonly status = 402;
  readonly disposition = 'hold_for_person';
}
class Busy extends VivariumError {
  readonly code = 'VIV_RATE_LIMITED';
  readonly status = 429;
  readonly disposition = 'retry_after_backoff';
}
class Halted extends VivariumError {
  readonly code = 'VIV_HALTED';
  readonly status = 423;
  readonly disposition = 'retry_after_backoff';
}

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Something that happens once, and can be waited for. */
function aMoment() {
  let come = () => {};
  const came = new Promise<void>((resolve) => {
    come = resolve;
  });
  return { come: () => come(), came };
}

const yes: Answered = { text: 'yes', tool_calls: [], truncated: false, usage: { prompt_tokens: 7, completion_tokens: 3 } };

async function aDoor(ask: Ask | Answered = yes, more: Partial<DoorOptions> = {}) {
  const root = mkdtempSync(join(tmpdir(), 'viv-door-'));
  const seen: { asked: Asked; place: Place }[] = [];
  const door = await openDoor({
    folder: join(root, 'run', 'a'),
    ask: (asked, place, signal) => {
      seen.push({ asked, place });
      return typeof ask === 'function' ? ask(asked, place, signal) : Promise.resolve(ask);
    },
    clock: systemClock,
    signal: new AbortController().signal,
    ...more,
  });
  closers.push(
    () => rmSync(root, { recursive: true, force: true }),
    () => door.close(),
  );
  return { door, seen, root };
}

interface Sent {
  readonly path?: string;
  readonly key?: string;
  readonly method?: string;
  readonly signal?: AbortSignal;
}

function send(door: Door, body: unknown, { path = '/v1/chat/completions', key = door.key, ...more }: Sent = {}) {
  return new Promise<{ status: number; text: string; json: () => Record<string, never> }>((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const options = {
      agent: false,
      socketPath: door.socket,
      path,
      method: body === undefined ? 'GET' : 'POST',
      headers,
      ...more,
    };
    const request = httpRequest(options, async (reply) => {
      let text = '';
      for await (const chunk of reply.setEncoding('utf8')) text += chunk;
      resolve({ status: reply.statusCode ?? 0, text, json: () => JSON.parse(text) });
    });
    request.once('error', reject);
    request.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  });
}

const hello = (more: object = {}) => ({ model: 'gpt-9', messages: [{ role: 'user', content: 'hello' }], ...more });
const events = (text: string) =>
  text
    .split('\n\n')
    .flatMap((block) => block.split('\n').filter((line) => line.startsWith('data: ')))
    .map((line) => (line === 'data: [DONE]' ? 'done' : JSON.parse(line.slice(6))));

describe('what the door serves', () => {
  it('lists one model, answers two protocols, and knows no other place', async () => {
    const { door } = await aDoor();
    expect((await send(door, undefined, { path: '/v1/models' })).json()).toMatchObject({ data: [{ id: 'vivarium' }] });
    const inChat = (await send(door, hello())).json();
    expect(inChat).toMatchObject({ model: 'vivarium', choices: [{ message: { content: 'yes' }, finish_reason: 'stop' }] });
    expect(inChat).toMatchObject({ usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } });
    const asked = { model: 'gpt-9', input: 'hello' };
    const inResponses = (await send(door, asked, { path: '/v1/responses' })).json();
    expect(inResponses).toMatchObject({ status: 'completed', output: [{ content: [{ text: 'yes' }] }] });
    for (const path of ['/', '/cycle', '/v1/messages', '/v1/chat/completions/../../cycle', '/v1/files'])
      expect([path, (await send(door, {}, { path })).status]).toEqual([path, 404]);
    expect((await send(door, {}, { path: '/v1/models', method: 'POST' })).status).toBe(404);
  });

  it('is a socket for this person alone, and gone with its folder once it is closed', async () => {
    const { door } = await aDoor();
    expect(statSync(door.socket).mode & 0o777).toBe(0o600);
    await door.close();
    expect(statSync(door.socket, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('opens however deep the workspace lies', async () => {
    const root = mkdtempSync(join(tmpdir(), 'viv-deep-'));
    closers.push(() => rmSync(root, { recursive: true, force: true }));
    const { door } = await aDoor(yes, {
      folder: join(root, ...Array.from({ length: 12 }, () => 'a-long-name-of-a-folder'), 'run'),
    });
    expect(door.socket.length).toBeGreaterThan(250);
    expect(statSync(door.socket).isSocket()).toBe(true);
  });

  it('takes the key of its own attempt alone, and none once it is closed', async () => {
    const [one, two] = [await aDoor(), await aDoor()];
    expect(one.door.key).toMatch(/^[0-9a-f]{32}$/);
    for (const key of [two.door.key, '', 'x', one.door.key.slice(1), `${one.door.key}0`])
      expect((await send(one.door, hello(), { key })).status).toBe(401);
    expect(one.seen).toEqual([]);
    await one.door.close();
    await expect(send(one.door, hello())).rejects.toThrow(/ENOENT|ECONNREFUSED/);
    expect((await send(two.door, hello(), { key: one.door.key })).status).toBe(401);
  });
});

describe('what reaches the model', () => {
  it('is text and functions alone, whatever model and tools are named', async () => {
    const { door, seen } = await aDoor();
    const lookUp = { name: 'look_up', description: 'finds', parameters: { type: 'object', properties: {} } };
    const tools = [{ type: 'function', function: lookUp }, { type: 'web_search' }, { type: 'namespace', name: 'x', tools: [] }];
    await send(door, hello({ tools, max_tokens: 1_000_000, user: 'me', stream_options: {} }));
    expect(seen[0]?.asked).toMatchObject({ tools: [lookUp], max_tokens: 1_000_000, stream: false });
    const flat = [{ type: 'function', ...lookUp, strict: false }, ...tools.slice(1), { type: 'custom', name: 'apply_patch' }];
    await send(door, { input: 'hello', tools: flat, store: false }, { path: '/v1/responses' });
    expect(seen[1]?.asked.tools).toEqual([lookUp]);
  });

  it('reads a conversation with calls alike in both protocols', async () => {
    const { door, seen } = await aDoor();
    const call = { id: 'c1', type: 'function', function: { name: 'read', arguments: '{"path":"a"}' } };
    const inChat = [
      { role: 'developer', content: 'be brief' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'mend' },
          { type: 'text', text: 'it' },
        ],
      },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: 'text of a' },
    ];
    await send(door, { messages: inChat });
    const input = [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'mend' },
          { type: 'input_text', text: 'it' },
        ],
      },
      { type: 'reasoning', id: 'rs_1', summary: [] },
      { type: 'function_call', id: 'fc_9', call_id: 'c1', ...call.function },
      { type: 'function_call_output', call_id: 'c1', output: 'text of a' },
    ];
    await send(door, { instructions: 'be brief', input }, { path: '/v1/responses' });
    expect(seen[1]?.asked.messages).toEqual(seen[0]?.asked.messages);
    expect(seen[0]?.asked.messages).toEqual([
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'mend\nit' },
      { role: 'assistant', content: '', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: 'text of a' },
    ]);
  });

  const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } };
  it.each([
    ['a picture', '/v1/chat/completions', { messages: [{ role: 'user', content: [picture] }] }, 'messages.0.content.0.type'],
    ['a file', '/v1/responses', { input: [{ role: 'user', content: [{ type: 'input_file' }] }] }, 'input.0.content.0.type'],
    ['no messages', '/v1/chat/completions', { messages: [] }, 'messages'],
    ['an unknown role', '/v1/chat/completions', { messages: [{ role: 'root', content: 'x' }] }, 'messages.0.role'],
    ['an unknown item', '/v1/responses', { input: [{ type: 'computer_call' }] }, 'input.0.type'],
    ['a negative limit', '/v1/chat/completions', hello({ max_tokens: -1 }), 'max_tokens'],
    ['no JSON', '/v1/chat/completions', '{"messages": [', 'JSON'],
  ])('is never %s', async (_what, path, body, field) => {
    const { door, seen } = await aDoor();
    const refused = await send(door, body, { path });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining(field)]);
    expect([seen, door.refused]).toEqual([[], undefined]);
  });
});

describe('the way of an answer', () => {
  const calls = [{ id: 'c1', type: 'function' as const, function: { name: 'read', arguments: '{}' } }];

  it('is one piece of a stream with its usage, in both protocols', async () => {
    const { door } = await aDoor({ ...yes, text: '', tool_calls: calls });
    const [piece, done] = events((await send(door, hello({ stream: true }))).text);
    expect([piece.choices[0].delta.tool_calls, piece.choices[0].finish_reason, done]).toEqual([
      [{ index: 0, ...calls[0] }],
      'tool_calls',
      'done',
    ]);
    expect(piece.usage.total_tokens).toBe(10);
    const all = events((await send(door, { input: 'x', stream: true }, { path: '/v1/responses' })).text);
    expect(all.map(({ type }) => type)).toEqual([
      'response.created',
      'response.output_item.added',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(all[2].item).toMatchObject({ type: 'function_call', call_id: 'c1', name: 'read', arguments: '{}' });
    expect(all[3].response.usage).toMatchObject({ input_tokens: 7, output_tokens: 3, total_tokens: 10 });
  });

  it('begins with comments while it is waited for, and can then still tell a refusal', async () => {
    const arrived = aMoment();
    const { door } = await aDoor(() => arrived.came.then(() => Promise.reject(new Unpaid('no money'))), {
      limits: { comment_ms: 5 },
    });
    const commented = send(door, hello({ stream: true }));
    await new Promise<void>((resolve) => {
      const request = httpRequest(
        { socketPath: door.socket, path: '/v1/responses', method: 'POST', headers: { authorization: `Bearer ${door.key}` } },
        (reply) => reply.setEncoding('utf8').once('data', (text: string) => resolve(expect(text).toMatch(/^: waiting/))),
      );
      request.end(JSON.stringify({ input: 'x', stream: true }));
      closers.push(() => request.destroy());
    });
    arrived.come();
    const { status, text } = await commented;
    expect([status, text]).toEqual([200, expect.stringMatching(/^: waiting[\s\S]*"code":"VIV_BUDGET_EXCEEDED"/)]);
  });

  it('counts equal requests, whatever ids they bring', async () => {
    const { door, seen } = await aDoor();
    await send(door, hello());
    await send(door, hello({ metadata: { session: 'a' } }));
    await send(door, hello({ prompt_cache_key: 'b' }));
    await send(door, hello({ max_tokens: 5 }));
    expect(seen.map(({ place }) => place.occurrence)).toEqual([1, 2, 3, 1]);
    expect(new Set(seen.map(({ place }) => place.hash)).size).toBe(2);
  });

  it('is waited for by the next equal request when its client has gone', async () => {
    let come = (_: Answered) => {};
    const asked = aMoment();
    const { door, seen } = await aDoor(() => {
      asked.come();
      return new Promise<Answered>((resolve) => {
        come = resolve;
      });
    });
    const gone = new AbortController();
    const first = send(door, hello(), { signal: gone.signal });
    await asked.came;
    gone.abort();
    await expect(first).rejects.toThrow();
    // The door has seen the client go once it answers another.
    await send(door, undefined, { path: '/v1/models' });
    const second = send(door, hello());
    await send(door, undefined, { path: '/v1/models' });
    come(yes);
    expect((await second).status).toBe(200);
    expect(seen.length).toBe(1);
  });
});

describe('an executor that is refused', () => {
  it('is over after six calls, each told that it is money and never to come again', async () => {
    const { door, seen } = await aDoor(() => Promise.reject(new Unpaid('no money')));
    const told = [];
    for (let call = 0; call < 6; call++) {
      expect(door.over.aborted).toBe(false);
      told.push((await send(door, hello())).status);
    }
    expect([told, door.over.aborted, seen.length]).toEqual([Array(6).fill(402), true, 1]);
    expect(door.refused).toBeInstanceOf(Unpaid);
  });

  it('is over after its time too, when it does not ask again', async () => {
    const { door } = await aDoor(() => Promise.reject(new Unpaid('no money')), { limits: { refused_ms: 5 } });
    await send(door, hello());
    await new Promise((resolve) => door.over.addEventListener('abort', resolve));
    expect(door.over.reason).toBeInstanceOf(Unpaid);
  });

  it('never hears 429, whatever the reason', async () => {
    const { door } = await aDoor(() => Promise.reject(new Busy('too many')));
    expect((await send(door, hello())).status).toBe(403);
  });

  it('hears 503 on HALT, in what it already asked as well', async () => {
    const halt = new AbortController();
    const asked = aMoment();
    const { door } = await aDoor(
      (_asked, _place, signal) => {
        asked.come();
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
      { signal: halt.signal },
    );
    const open = send(door, hello());
    await asked.came;
    halt.abort(new Halted('halted'));
    expect((await open).status).toBe(503);
  });

  it('has 200 calls, at once or one by one', async () => {
    const { door, seen } = await aDoor(yes);
    const told = await Promise.all(Array.from({ length: 210 }, () => send(door, hello())));
    expect(told.filter(({ status }) => status === 200).length).toBe(200);
    expect(told.filter(({ status }) => status === 402).length).toBe(10);
    expect([seen.length, door.over.aborted]).toEqual([200, true]);
  });

  it('has so many bytes of requests, and hears of it', async () => {
    const { door, seen } = await aDoor(yes, { limits: { bytes: 100_000 } });
    const long = (chars: number) => send(door, hello({ user: 'x'.repeat(chars) }));
    expect((await long(50_000)).status).toBe(200);
    expect(await long(300_000)).toMatchObject({ status: 402, text: expect.stringContaining('bytes') });
    expect([seen.length, (await long(1)).status]).toEqual([1, 402]);
  });
});
