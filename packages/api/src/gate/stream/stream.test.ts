import { describe, expect, it } from 'vitest';
import { readAnswer } from '../reply/read-answer.ts';
import { type Reading, readReply } from './stream.ts';

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const delta = (fields: object, finish: string | null = null) => event({ choices: [{ delta: fields, finish_reason: finish }] });

/** A body that arrives in pieces of this many bytes, so that events and characters are cut anywhere. */
function bodyOf(text: string, headers: Record<string, string> = {}, size = 7): Response {
  const bytes = new TextEncoder().encode(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.slice(at * size, (at + 1) * size));
  return new Response(
    new ReadableStream({
      pull(controller) {
        const piece = pieces.shift();
        if (piece) controller.enqueue(piece);
        else controller.close();
      },
    }),
    { headers },
  );
}
const asking = (more: Partial<Reading> = {}): Reading => ({ mostChars: 100_000, asked: true, onPiece: () => undefined, ...more });
const answerIn = async (response: Response, more: Partial<Reading> = {}) => {
  const reply = readAnswer(await readReply(response, asking(more)));
  if (reply.kind !== 'answer') throw new Error(JSON.stringify(reply));
  return reply.answer;
};
const read = (text: string, seen: string[] = []) =>
  answerIn(bodyOf(text), { onPiece: ({ text: so_far }) => void seen.push(so_far) });
const replyIn = async (text: string) => readAnswer(await readReply(bodyOf(text), asking()));
const done = 'data: [DONE]\n\n';

describe('a streamed answer', () => {
  it('is put together, with its usage and why it ended, and heard as it grows', async () => {
    const seen: string[] = [];
    const text = `: comment\n\n${delta({ role: 'assistant', content: 'Grüße ' })}${delta({ content: '🦊' })}${delta({}, 'stop')}${event({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } })}data: [DONE]\n\n`;
    expect(await read(text, seen)).toMatchObject({
      text: 'Grüße 🦊',
      usage: { prompt_tokens: 3, completion_tokens: 2 },
      truncated: false,
    });
    expect(seen).toContain('Grüße ');
  });

  it('keeps thinking apart and knows when the limit cut it', async () => {
    const answer = await read(
      `${delta({ reasoning_content: 'hm ' })}${delta({ reasoning_content: 'hm' })}${delta({}, 'length')}data: [DONE]\n\n`,
    );
    expect(answer).toMatchObject({ text: '', cutInThinking: true, thinking: { chars: 5 } });
  });

  it('joins the pieces of function calls by their index', async () => {
    const call = (fields: object) => delta({ tool_calls: [fields] });
    const text = `${call({ index: 0, id: 'a', function: { name: 'read', arguments: '{"pa' } })}${call({ index: 1, id: 'b', function: { name: 'list', arguments: '{}' } })}${call({ index: 0, function: { arguments: 'th":"x"}' } })}${delta({}, 'tool_calls')}data: [DONE]\n\n`;
    expect((await read(text)).toolCalls).toMatchObject([
      { id: 'a', function: { name: 'read', arguments: '{"path":"x"}' } },
      { id: 'b', function: { name: 'list', arguments: '{}' } },
    ]);
  });

  it('that ends in an error is that error', async () => {
    const reply = await replyIn(`${delta({ content: 'half' })}${event({ error: { message: 'boom', code: 503 } })}`);
    expect(reply).toMatchObject({ kind: 'error', message: 'boom', status: 503 });
  });

  it('may hold every character that a line of text may hold', async () => {
    expect((await read(`\ufeff${delta({ content: 'a\u2028b\u2029c' }, 'stop')}${done}`)).text).toBe('a\u2028b\u2029c');
  });
});

describe('a stream without an answer', () => {
  it.each<[string, string, object]>([
    [
      'an event that is an error',
      `${event({ object: 'error', message: 'overloaded', type: 'InternalServerError', code: 503 })}${done}`,
      { kind: 'error', message: 'overloaded', status: 503 },
    ],
    [
      'text with the number of an error',
      `${event({ text: '**NETWORK ERROR**', error_code: 50004 })}${done}`,
      { kind: 'error', message: '**NETWORK ERROR**', status: 500 },
    ],
    [
      'an event of that name',
      `event: error\r\ndata: ${JSON.stringify({ message: 'busy' })}\r\n\r\n`,
      { kind: 'error', message: 'busy' },
    ],
    ['an event of that name, in words', 'event: error\ndata: try later\n\n', { kind: 'error', message: 'try later' }],
    ['a number without words', `${event({ error: { code: 529 } })}${done}`, { kind: 'error', status: 529 }],
    [
      'an error after half an answer',
      `${delta({ content: 'half' })}${event({ object: 'error', message: 'gone' })}${done}`,
      { kind: 'error', message: 'gone' },
    ],
    [
      'an error before the last event',
      `${event({ object: 'error', message: 'gone' })}${event({ choices: [] })}${done}`,
      { kind: 'error', message: 'gone' },
    ],
    ['usage alone', `${event({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 0 } })}${done}`, { kind: 'no_reply' }],
    ['its end alone', done, { kind: 'no_reply', seen: 'an empty body' }],
  ])('is read as what it is: %s', async (_, text, result) => expect(await replyIn(text)).toMatchObject(result));

  it('but its beginning is a connection that broke off', async () => {
    const empty = readReply(bodyOf(': wait\n\n', { 'content-type': 'text/event-stream' }), asking());
    await expect(empty).rejects.toMatchObject({ fault: 'unavailable' });
  });

  it('reports a success that is no error', async () => {
    const fine = { error: { code: 0, message: 'success' } };
    const text = `${event({ choices: [{ delta: { content: 'Four.' } }], ...fine })}${event({ choices: [{ delta: {}, finish_reason: 'stop' }], ...fine })}${done}`;
    expect((await read(text)).text).toBe('Four.');
  });
});

describe('a stream that ends without a sign that its answer is whole', () => {
  const half = delta({ content: 'half a' });
  const chunked = { 'transfer-encoding': 'chunked' };

  it('is asked for in one piece, and what came is kept', async () => {
    for (const response of [bodyOf(half), bodyOf(half, chunked), bodyOf(delta({ content: 'half a' }, ''))])
      await expect(readReply(response, asking())).rejects.toMatchObject({
        fault: 'invalid_request',
        named: ['stream'],
        partial: 'half a',
      });
  });

  it('is not whole where nobody asked for a stream either, however well the connection ended', async () => {
    for (const response of [bodyOf(half), bodyOf(half, chunked)])
      await expect(readReply(response, asking({ asked: false }))).rejects.toMatchObject({
        fault: 'unavailable',
        partial: 'half a',
      });
  });
});

describe('a body', () => {
  const whole = { choices: [{ message: { content: 'Grüße' }, finish_reason: 'stop' }] };
  const events = `${delta({ content: 'Grü' })}${delta({ content: 'ße' }, 'stop')}${done}`;
  const lines = (...values: object[]) => values.map((value) => JSON.stringify(value)).join('\n');
  const generated = lines({ response: 'Grü', done: false }, { response: 'ße', done: false }, { response: '', done: true });
  const messages = lines(
    { message: { content: 'Grü' }, done: false },
    { message: { content: 'ße' }, done: false },
    { message: { content: '' }, done: true, done_reason: 'stop' },
  );
  it.each<[string, string]>([
    ['events', events],
    ['events after a comment', `: hello\n\n${events}`],
    ['events with names', `event: chunk\nid: 1\n${events}`],
    ['events after empty lines', `\n\n${events}`],
    ['chunks line by line', events.replaceAll('data: ', '').replace('[DONE]', '')],
    ['messages line by line', messages],
    ['texts line by line, the last line ended', `${generated}\n`],
    ['one line', JSON.stringify(whole)],
    ['one line that is ended', `${JSON.stringify(whole)}\r\n`],
    ['many lines', JSON.stringify(whole, null, 2)],
  ])('is read by how it begins, whatever its content type: %s', async (_, text) => {
    for (const type of ['text/event-stream', 'application/json', 'text/plain; charset=utf-8', 'application/x-ndjson', ''])
      for (const size of [1, 1_000])
        expect((await answerIn(bodyOf(text, type ? { 'content-type': type } : {}, size))).text).toBe('Grüße');
  });

  it('of a stream line by line that broke off after the first line is no answer', async () => {
    const broken = readReply(bodyOf(`${JSON.stringify({ message: { content: 'half' }, done: false })}\n{"mess`), asking());
    await expect(broken).rejects.toMatchObject({ fault: 'invalid_request', named: ['stream'] });
  });

  it.each(['<!doctype html><title>Sign in</title>', 'ok', 'date: today', ''])(
    'of another kind stays what it is: %j',
    async (text) => expect(await readReply(bodyOf(text), asking())).toBe(text),
  );
});

describe('calls of functions in a stream', () => {
  const calls = async (...pieces: object[]) =>
    ((await read(`${pieces.map((piece) => delta({ tool_calls: [piece] })).join('')}${done}`)).toolCalls ?? []).map(
      ({ id, function: { name, arguments: given } }) => [id, name, given],
    );
  const piece = (id: string | undefined, name: string | undefined, given: string, index?: number) => ({
    index,
    id,
    function: { name, arguments: given },
  });
  it.each<[string, object[], unknown]>([
    [
      'two whole calls of one index',
      [piece('a', 'list', '{}', 0), piece('b', 'read', '{"p":1}', 0)],
      [
        ['a', 'list', '{}'],
        ['b', 'read', '{"p":1}'],
      ],
    ],
    [
      'two calls of one index in pieces',
      [piece('a', 'list', '', 0), piece(undefined, undefined, '{}', 0), piece('b', 'read', '{"p"', 0), piece('', '', ':1}', 0)],
      [
        ['a', 'list', '{}'],
        ['b', 'read', '{"p":1}'],
      ],
    ],
    [
      'a name said again',
      [piece('a', 'list', '', 0), piece('a', 'list', '{"p"', 0), piece('a', 'list', ':1}', 0)],
      [['a', 'list', '{"p":1}']],
    ],
    [
      'a name said again without an id',
      [piece('a', 'list', '{"p"', 0), piece(undefined, 'list', ':1}', 0)],
      [['a', 'list', '{"p":1}']],
    ],
    [
      'a name in pieces',
      [piece('a', 'li', '', 0), piece(undefined, 'st', '', 0), piece(undefined, undefined, '{}', 0)],
      [['a', 'list', '{}']],
    ],
    [
      'a placeholder for arguments',
      [piece('a', 'list', '{}', 0), piece('a', undefined, '{"p":', 0), piece('a', undefined, '1}', 0)],
      [['a', 'list', '{"p":1}']],
    ],
    [
      'whole calls without ids',
      [piece(undefined, 'list', '{"p":1}', 0), piece(undefined, 'list', '{"p":2}', 0)],
      [
        ['call_0', 'list', '{"p":1}'],
        ['call_1', 'list', '{"p":2}'],
      ],
    ],
    ['no index, in pieces', [piece('a', 'list', '{"p"'), piece(undefined, undefined, ':1}')], [['a', 'list', '{"p":1}']]],
    [
      'neither index nor id',
      [piece(undefined, 'list', '{}'), piece(undefined, 'list', '{}')],
      [
        ['call_0', 'list', '{}'],
        ['call_1', 'list', '{}'],
      ],
    ],
  ])('are told apart: %s', async (_, pieces, result) => expect(await calls(...pieces)).toEqual(result));
});

describe('a stream without an end', () => {
  /** A body that never ends, and whether its reader closed it. */
  function endless(piece: string) {
    const seen = { closed: false, pieces: 0 };
    const bytes = new TextEncoder().encode(piece);
    const stream = new ReadableStream({
      pull: (controller) => {
        seen.pieces += 1;
        controller.enqueue(bytes);
      },
      cancel: () => {
        seen.closed = true;
      },
    });
    return { seen, response: new Response(stream) };
  }

  it.each([
    ['text', { content: 'word ' }],
    ['thinking', { reasoning_content: 'word ' }],
    ['a call', { tool_calls: [{ index: 0, id: 'a', function: { name: 'write', arguments: 'word ' } }] }],
  ])('is cut by the limit, and its connection closed: %s', async (_, fields) => {
    const { seen, response } = endless(delta(fields));
    expect(await answerIn(response, { mostChars: 1_000 })).toMatchObject({ truncated: true });
    expect(seen.closed).toBe(true);
    expect(seen.pieces).toBeLessThan(250);
  });

  it('is no reply when one of its lines has none', async () => {
    const { seen, response } = endless(`data: ${'x'.repeat(1_000)}`);
    await expect(readReply(response, asking())).rejects.toMatchObject({ fault: 'bad_reply', message: 'the reply has no end' });
    expect(seen.closed).toBe(true);
    expect(seen.pieces).toBeLessThan(5_000);
  });
});
