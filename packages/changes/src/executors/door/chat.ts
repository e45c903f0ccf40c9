import type { Message } from '@vivarium/core';
import { z } from 'zod';
import { type Answered, type AnswerName, type Asked, MODEL_NAME, type Protocol } from './asked.ts';
import { event, functionOf, Limit, Temperature, Tools, Words } from './parts.ts';

const Call = z.looseObject({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) });

const ChatMessage = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer', 'user']), content: Words }),
  z.object({ role: z.literal('assistant'), content: Words, tool_calls: z.array(Call).max(512).nullish() }),
  z.object({ role: z.literal('tool'), tool_call_id: z.string(), content: Words }),
]);

const ChatRequest = z.object({
  messages: z.array(ChatMessage).min(1).max(10_000),
  tools: Tools,
  tool_choice: z.unknown().optional(),
  stream: z.boolean().nullish(),
  max_tokens: Limit,
  max_completion_tokens: Limit,
  temperature: Temperature,
});

/** `POST /v1/chat/completions`. */
export const chat: Protocol = {
  read(body): Asked {
    const { messages, tools, tool_choice, stream, max_tokens, max_completion_tokens, temperature } = ChatRequest.parse(body);
    const offered = (tools ?? []).flatMap((tool) => (tool.type === 'function' ? functionOf(tool['function']) : []));
    return {
      messages: messages.map(said),
      tools: tool_choice === 'none' ? [] : offered,
      max_tokens: max_completion_tokens ?? max_tokens ?? undefined,
      temperature: temperature ?? undefined,
      protocol: 'chat',
      stream: stream === true,
    };
  },
  whole: (answered, name) => completion(answered, name, 'chat.completion', { message: messageOf(answered) }),
  events(answered, name) {
    const { tool_calls, ...words } = messageOf(answered);
    const calls = tool_calls?.map((call, index) => ({ index, ...call }));
    const delta = calls ? { ...words, tool_calls: calls } : words;
    return [event(completion(answered, name, 'chat.completion.chunk', { delta })), event('[DONE]')];
  },
  failure: (message, code) => [event({ error: { message, type: 'vivarium', code } }), event('[DONE]')],
};

function said(message: z.infer<typeof ChatMessage>): Message {
  const { role, content } = message;
  if (role === 'tool') return { role, tool_call_id: message.tool_call_id, content };
  if (role !== 'assistant') return { role: role === 'user' ? 'user' : 'system', content };
  const calls = (message.tool_calls ?? []).map(({ id, function: asked }) => ({ id, type: 'function' as const, function: asked }));
  return calls.length > 0 ? { role, content, tool_calls: calls } : { role, content };
}

const messageOf = ({ text, tool_calls }: Answered) => ({
  role: 'assistant',
  content: text === '' && tool_calls.length > 0 ? null : text,
  ...(tool_calls.length > 0 ? { tool_calls } : {}),
});

function completion(answered: Answered, { id, created }: AnswerName, object: string, content: object) {
  const { tool_calls, truncated, usage } = answered;
  const finish_reason = truncated ? 'length' : tool_calls.length > 0 ? 'tool_calls' : 'stop';
  const { prompt_tokens = 0, completion_tokens = 0 } = usage ?? {};
  return {
    ...{ id: `chatcmpl-${id}`, object, created, model: MODEL_NAME },
    choices: [{ index: 0, ...content, finish_reason }],
    usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
  };
}
