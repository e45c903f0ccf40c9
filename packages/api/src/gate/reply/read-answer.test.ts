import { describe, expect, it } from 'vitest';
import { readAnswer } from './read-answer.ts';
import { readUsage } from './read-usage.ts';

const chat = (message: unknown, more: object = {}) => ({ choices: [{ index: 0, message, finish_reason: 'stop', ...more }] });
const content = (text: unknown, finish = 'stop') => chat({ role: 'assistant', content: text }, { finish_reason: finish });
const read = (reply: unknown) => {
  const found = readAnswer(reply);
  return found.kind === 'answer' ? found.answer : found;
};
const textOf = (reply: unknown) => {
  const found = readAnswer(reply);
  return found.kind === 'answer' ? found.answer.text : found.kind;
};

describe('the text of a reply', () => {
  it.each<[string, unknown, string]>([
    ['a string', content('Four.'), 'Four.'],
    [
      'parts',
      content([
        { type: 'text', text: 'Fo' },
        { type: 'text', text: 'ur.' },
      ]),
      'Four.',
    ],
    ['parts of another name', content([{ type: 'output_text', text: 'Four.' }]), 'Four.'],
    [
      'a thinking part before',
      content([
        { type: 'thinking', thinking: [{ type: 'text', text: 'Five?' }] },
        { type: 'text', text: 'Four.' },
      ]),
      'Four.',
    ],
    [
      'a reasoning part before',
      content([
        { type: 'reasoning', text: 'Five?' },
        { type: 'text', text: 'Four.' },
      ]),
      'Four.',
    ],
    ['text as an object', content([{ type: 'text', text: { value: 'Four.' } }]), 'Four.'],
    ['strings in a list', content(['Fo', 'ur.']), 'Four.'],
    ['a single part', content({ type: 'text', text: 'Four.' }), 'Four.'],
    ['an old completion', { choices: [{ text: 'Four.', finish_reason: 'stop' }] }, 'Four.'],
    ['a delta', { choices: [{ delta: { content: 'Four.' } }] }, 'Four.'],
    [
      'the second choice, where the first is empty',
      { choices: [{ message: { content: '' } }, { message: { content: 'Four.' } }] },
      'Four.',
    ],
    [
      'output of a response',
      {
        output: [
          { type: 'reasoning', summary: [{ text: 'Five?' }] },
          { type: 'message', content: [{ type: 'output_text', text: 'Four.' }] },
        ],
      },
      'Four.',
    ],
    ['a bare message', { message: { role: 'assistant', content: 'Four.', thinking: 'Five?' }, done: true }, 'Four.'],
    ['a generated response', { response: 'Four.', done: true }, 'Four.'],
    ['content of the body', { role: 'assistant', content: [{ type: 'text', text: 'Four.' }], stop_reason: 'end_turn' }, 'Four.'],
    ['JSON that came as text', JSON.stringify(content('Four.')), 'Four.'],
    ['a refusal in its own field', chat({ content: null, refusal: 'I will not.' }), 'I will not.'],
    ['a refusal beside words', chat({ content: 'APPROVE', refusal: 'I will not.' }), 'I will not.'],
    ['a refusal as a part', content([{ type: 'refusal', refusal: 'I will not.' }]), 'I will not.'],
    ['reasoning beside it', chat({ content: 'Four.', reasoning_content: 'Five?' }), 'Four.'],
    ['reasoning alone', chat({ content: null, reasoning: 'Four.' }), ''],
    ['nothing', content(null), ''],
  ])('is read from %s', (_, reply, text) => expect(textOf(reply)).toBe(text));

  it.each<[string, unknown, object]>([
    [
      'an error as the body',
      { error: { message: 'no credit', code: 402 } },
      { kind: 'error', message: 'no credit', status: 402 },
    ],
    ['an error as a word', { error: 'model is loading' }, { kind: 'error', message: 'model is loading' }],
    [
      'an error of a choice',
      { choices: [{ error: { message: 'overloaded', code: 502 }, message: { content: '' } }] },
      { kind: 'error', status: 502 },
    ],
    ['an error beside empty choices', { choices: [], error: { message: 'gone' } }, { kind: 'error', message: 'gone' }],
    [
      'an error that is one itself',
      { object: 'error', message: 'busy', code: 503 },
      { kind: 'error', message: 'busy', status: 503 },
    ],
    ['a number of its own', { text: 'busy', error_code: 42901 }, { kind: 'error', message: 'busy', status: 429 }],
    ['a number alone', { ...content(null), error: { code: 503 } }, { kind: 'error', message: 'error 503', status: 503 }],
    ['an error beside words', { ...content('Fo'), error: { message: 'gone' } }, { kind: 'error', message: 'gone' }],
    ['a success without words', { error: { code: 0, message: 'success' } }, { kind: 'error' }],
    ['a filter', content(null, 'content_filter'), { kind: 'blocked', by: 'content_filter' }],
    ['a filter without a message', { choices: [{ index: 0, finish_reason: 'SAFETY' }] }, { kind: 'blocked', by: 'SAFETY' }],
    ['a filter of the prompt', { choices: [], promptFeedback: { blockReason: 'OTHER' } }, { kind: 'blocked', by: 'OTHER' }],
    ['a filter of a response', { output: [], incomplete_details: { reason: 'content_filter' } }, { kind: 'blocked' }],
    ['a detail', { detail: 'Not Found' }, { kind: 'error', message: 'Not Found' }],
    ['a web page', '<!doctype html><title>Sign in</title><body>Hello', { kind: 'no_reply', seen: 'a web page, "Sign in"' }],
    ['plain text', 'ok', { kind: 'no_reply', seen: 'plain text' }],
    ['an empty body', '', { kind: 'no_reply', seen: 'an empty body' }],
    ['a body of something else', { status: 'up' }, { kind: 'no_reply', seen: 'JSON with the keys status' }],
    ['no choice', { choices: [] }, { kind: 'no_reply' }],
    ['null', null, { kind: 'no_reply', seen: 'nothing' }],
  ])('is not read from %s', (_, reply, result) => expect(readAnswer(reply)).toMatchObject(result));
});

it.each<[unknown]>([
  [null],
  [false],
  [''],
  ['success'],
  [{}],
  [{ code: 0, message: 'success' }],
  [{ code: '0', message: '' }],
  [{ code: 200, msg: 'OK' }],
  [{ message: 'no error' }],
])('beside an answer %j is no error', (error) => expect(textOf({ ...content('Four.'), error, error_code: 0 })).toBe('Four.'));

it('what a filter cut is still an answer', () =>
  expect(read(content('Four and', 'content_filter'))).toMatchObject({ text: 'Four and', finish: 'content_filter' }));

const HARMONY = '<|channel|>analysis<|message|>Five?<|end|><|start|>assistant<|channel|>final<|message|>Four.<|return|>';

describe('thinking before an answer', () => {
  it.each([
    ['<think>Five?</think>Four.'],
    ['\n <Think>\nFive?\n</Think>\n\nFour.'],
    ['<think></think>\n\nFour.'],
    ['<thinking mode="deep">Five?</thinking>Four.'],
    ['<reasoning>Five?</reasoning>\nFour.'],
    ['<seed:think>Five?</seed:think>Four.'],
    ['<think>a <think>b</think> c</think>Four.'],
    ['<think>I may write <think> here.</think>Four.'],
    ['<think>One</think>\n<reflection>Two</reflection>\nFour.'],
    ['<think>Five?</think><answer>Four.</answer>'],
    ['[THINK]Five?[/THINK]Four.'],
    ['◁think▷Five?◁/think▷Four.'],
    ['<|begin_of_thought|>Five?<|end_of_thought|><|begin_of_solution|>Four.<|end_of_solution|>'],
    ['<|START_THINKING|>Five?<|END_THINKING|><|START_RESPONSE|>Four.<|END_RESPONSE|>'],
    [HARMONY],
    ['analysisWe add two and two.assistantfinalFour.'],
    ['So it is five? No.\n</think>\n\nFour.'],
    ['So it is five? No.</think>Four.'],
  ])('is cut: %s', (text) => {
    expect(read(content(text))).toMatchObject({ text: 'Four.', thinking: { chars: expect.any(Number) } });
    expect(read(content(text))).not.toHaveProperty('cutInThinking');
  });

  it.each([
    ['The tag `<think>` opens and `</think>` closes.'],
    ['```xml\n<think>x</think>\n```'],
    ['Models write <think> first and </think> last.'],
    ['A template closes it with </think> and goes on.'],
    ['{"issues":["a stray </think>\\n tag"]}'],
    ['Four. <think>Really?</think>'],
    ['<thanks>Four.</thanks> Five.'],
    ['[thinking] He sat down.'],
    ['<p>I think</p>'],
    ['Analysis: it is four.'],
    ['"</think>" is a closing tag'],
  ])('is not seen in an answer that speaks of it: %s', (text) => {
    expect(read(content(text))).toMatchObject({ text });
    expect(read(content(text))).not.toHaveProperty('thinking');
  });

  it.each<[string, unknown]>([
    ['an open mark, at the limit', content('<think>Is it five', 'length')],
    ['an open mark, though it says stop', content('<think>Is it five')],
    ['an open channel', content('<|channel|>analysis<|message|>Is it five', 'length')],
    ['a field of reasoning and no text', chat({ content: '', reasoning_content: 'hm' }, { finish_reason: 'length' })],
    ['parts of thinking alone', content([{ type: 'thinking', thinking: 'hm' }], 'length')],
    ['no word at all, at the limit', content(null, 'length')],
    ['a server’s own word for the limit', { content: [{ type: 'thinking', thinking: 'hm' }], stop_reason: 'max_tokens' }],
    [
      'a response that is incomplete',
      { output: [{ type: 'reasoning', summary: [] }], incomplete_details: { reason: 'max_output_tokens' } },
    ],
  ])('that has no end is told: %s', (_, reply) => expect(read(reply)).toMatchObject({ text: '', cutInThinking: true }));

  it('is counted, in characters and in the tokens that the server names', () => {
    const usage = { prompt_tokens: 3, completion_tokens: 9, completion_tokens_details: { reasoning_tokens: 7 } };
    expect(read({ ...content('<think>hm</think>4'), usage })).toMatchObject({
      thinking: { chars: 17, tokens: 7 },
      usage: { prompt_tokens: 3, completion_tokens: 9 },
    });
    expect(read(chat({ content: '4', reasoning: 'hm', reasoning_content: 'hm' }))).toMatchObject({ thinking: { chars: 2 } });
  });

  it('leaves a cut answer an answer', () => {
    const cut = read(content('<think>hm</think>Once upon a', 'length'));
    expect(cut).toMatchObject({ text: 'Once upon a', truncated: true });
    expect(cut).not.toHaveProperty('cutInThinking');
  });
});

it.each<[string, unknown]>([
  ['a chat', chat({ content: null, tool_calls: [{ id: 'c', function: { name: 'look', arguments: '{"at":1}' } }] })],
  ['an old chat', chat({ content: null, function_call: { name: 'look', arguments: '{"at":1}' } })],
  [
    'parts',
    {
      content: [
        { type: 'text', text: '' },
        { type: 'tool_use', id: 'c', name: 'look', input: { at: 1 } },
      ],
    },
  ],
  ['a response', { output: [{ type: 'function_call', call_id: 'c', name: 'look', arguments: '{"at":1}' }] }],
  ['a bare message', { message: { content: '', tool_calls: [{ function: { name: 'look', arguments: { at: 1 } } }] } }],
])('calls of tools are read from %s', (_, reply) =>
  expect(read(reply)).toMatchObject({ text: '', toolCalls: [{ function: { name: 'look', arguments: '{"at":1}' } }] }),
);

describe('usage', () => {
  it.each<[unknown, number, number]>([
    [{ prompt_tokens: 3, completion_tokens: 4 }, 3, 4],
    [{ prompt_tokens: '3', completion_tokens: '4' }, 3, 4],
    [{ input_tokens: 3, output_tokens: 4 }, 3, 4],
    [{ prompt_eval_count: 3, eval_count: 4 }, 3, 4],
    [{ prompt_tokens: 3, completion_tokens: 4, total_tokens: 12, completion_tokens_details: { reasoning_tokens: 5 } }, 3, 9],
    [{ prompt_tokens: 3, completion_tokens: 4, completion_tokens_details: { reasoning_tokens: 5 } }, 3, 9],
    [{ prompt_tokens: 3, completion_tokens: 4, total_tokens: 7, completion_tokens_details: { reasoning_tokens: 2 } }, 3, 4],
    [{ prompt_tokens: 3, completion_tokens: 4, completion_tokens_details: null }, 3, 4],
  ])('is read from %j', (given, prompt_tokens, completion_tokens) =>
    expect(readUsage(given).usage).toEqual({ prompt_tokens, completion_tokens }),
  );

  it.each([
    null,
    undefined,
    7,
    {},
    { prompt_tokens: 1 },
    { prompt_tokens: Number.NaN, completion_tokens: 1 },
    { prompt_tokens: 1, completion_tokens: -1 },
    { prompt_tokens: '1e9', completion_tokens: 1 },
    { prompt_tokens: 1e21, completion_tokens: 1 },
  ])('is not taken from %j', (given) => expect(readUsage(given).usage).toBeUndefined());
});
