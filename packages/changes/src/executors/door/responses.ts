import type { Message, ToolCall } from '@vivarium/core';
import { z } from 'zod';
import { type Answered, type AnswerName, type Asked, MODEL_NAME, type Protocol } from './asked.ts';
import { event, functionOf, Limit, Temperature, Tools, Words } from './parts.ts';

const Known = z.discriminatedUnion('type', [
  z.object({ type: z.literal('function_call'), call_id: z.string(), name: z.string(), arguments: z.string() }),
  z.object({ type: z.literal('function_call_output'), call_id: z.string(), output: Words }),
  z.object({ type: z.literal('message'), role: z.enum(['system', 'developer', 'user', 'assistant']), content: Words }),
  // Thoughts of a model, and calls that a provider carried out itself: nothing that ours could read.
  z.object({ type: z.enum(['reasoning', 'web_search_call', 'item_reference', 'compaction']) }),
]);
/** A message may leave out that it is one. */
const Item = z.preprocess((item) => (typeof item === 'object' && item !== null ? { type: 'message', ...item } : item), Known);
type Item = z.infer<typeof Known>;
const Items = z.array(Item).max(20_000);

const ResponsesRequest = z.object({
  instructions: z.string().nullish(),
  input: z.preprocess((input) => (typeof input === 'string' ? [{ role: 'user', content: input }] : input), Items),
  tools: Tools,
  tool_choice: z.unknown().optional(),
  stream: z.boolean().nullish(),
  max_output_tokens: Limit,
  temperature: Temperature,
});

/** `POST /v1/responses`. Nothing is remembered between two requests: each brings everything. */
export const responses: Protocol = {
  read(body): Asked {
    const { instructions, input, tools, tool_choice, stream, max_output_tokens, temperature } = ResponsesRequest.parse(body);
    const first: Message[] = instructions ? [{ role: 'system', content: instructions }] : [];
    const offered = (tools ?? []).flatMap((tool) => (tool.type === 'function' ? functionOf(tool) : []));
    return {
      messages: [...first, ...conversation(input)],
      tools: tool_choice === 'none' ? [] : offered,
      max_tokens: max_output_tokens ?? undefined,
      temperature: temperature ?? undefined,
      protocol: 'responses',
      stream: stream === true,
    };
  },
  whole: (answered, name) => response(answered, name),
  events(answered, name) {
    const done = response(answered, name);
    const begun = { ...done, status: 'in_progress', output: [], usage: null };
    const items = done.output.flatMap((item, output_index) => [
      { type: 'response.output_item.added', output_index, item },
      { type: 'response.output_item.done', output_index, item },
    ]);
    const ended = answered.truncated ? 'response.incomplete' : 'response.completed';
    const all = [{ type: 'response.created', response: begun }, ...items, { type: ended, response: done }];
    return all.map((one, sequence_number) => event({ ...one, sequence_number }, one.type));
  },
  failure: (message, code) => {
    const failed = { id: 'resp_none', object: 'response', status: 'failed', output: [], error: { code, message } };
    return [event({ type: 'response.failed', response: failed, sequence_number: 0 }, 'response.failed')];
  },
};

/** Calls stand apart from the words before them there, and within the same message here. */
function conversation(items: readonly Item[]): Message[] {
  const all: Message[] = [];
  let open: { content: string; tool_calls: ToolCall[] } | undefined;
  const close = () => {
    if (open) all.push({ role: 'assistant', ...(open.tool_calls.length > 0 ? open : { content: open.content }) });
    open = undefined;
  };
  for (const item of items) {
    if (item.type === 'function_call') {
      open ??= { content: '', tool_calls: [] };
      open.tool_calls.push({ id: item.call_id, type: 'function', function: { name: item.name, arguments: item.arguments } });
    } else if (item.type === 'function_call_output') {
      close();
      all.push({ role: 'tool', tool_call_id: item.call_id, content: item.output });
    } else if (item.type === 'message') {
      close();
      if (item.role === 'assistant') open = { content: item.content, tool_calls: [] };
      else all.push({ role: item.role === 'user' ? 'user' : 'system', content: item.content });
    }
  }
  close();
  return all;
}

function response({ text, tool_calls, truncated, usage }: Answered, { id, created }: AnswerName) {
  const { prompt_tokens = 0, completion_tokens = 0 } = usage ?? {};
  const content = [{ type: 'output_text', text, annotations: [] }];
  const words = text === '' ? [] : [{ id: `msg_${id}`, type: 'message', status: 'completed', role: 'assistant', content }];
  const calls = tool_calls.map(({ id: call_id, function: asked }, index) => ({
    ...{ id: `fc_${id}_${index}`, type: 'function_call', status: 'completed', call_id, ...asked },
  }));
  return {
    ...{ id: `resp_${id}`, object: 'response', created_at: created, model: MODEL_NAME, error: null },
    status: truncated ? 'incomplete' : 'completed',
    incomplete_details: truncated ? { reason: 'max_output_tokens' } : null,
    output: [...words, ...calls],
    usage: {
      input_tokens: prompt_tokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: completion_tokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: prompt_tokens + completion_tokens,
    },
  };
}
