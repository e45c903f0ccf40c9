import { jsonIn } from '@vivarium/core';
import type { Message, ToolCall, ToolOffer } from '../call/message.ts';
import { readToolCalls } from '../reply/read-tool-calls.ts';
import type { ChatAnswer } from './adapter.ts';

/** A conversation with tools for a model that knows none: the offer stands first, calls and results are plain JSON text. */
export function inWords(messages: readonly Message[], tools: readonly ToolOffer[]): Message[] {
  const offer = tools.map(({ name, description, parameters }) => `${name}: ${description} ${JSON.stringify(parameters)}`);
  const words = [
    'To act, answer with one JSON object and nothing else: {"tool_calls": [{"name": "<tool>", "arguments": {…}}]}.',
    'Any other answer is your finished work and does nothing. The tools, each with the JSON schema of its arguments:',
    ...offer,
  ].join('\n');
  return [{ role: 'system', content: words }, ...messages.map(plain)];
}

/** The calls in an answer that is such an object, whole and alone or in one code fence; with anything else in it, it has none. */
export function readInWords(answer: ChatAnswer): ChatAnswer {
  const calls = callsIn(answer.text);
  return calls.length === 0 ? answer : { ...answer, text: '', toolCalls: calls };
}

function plain(message: Message): Message {
  if (message.role === 'tool') return { role: 'user', content: `Result of ${message.tool_call_id}: ${message.content}` };
  if (message.role !== 'assistant' || !message.tool_calls) return message;
  const calls = message.tool_calls.map(({ function: { name, arguments: given } }) => ({
    name,
    arguments: argumentsOf(given),
  }));
  return { role: 'assistant', content: JSON.stringify({ tool_calls: calls }) };
}

function callsIn(text: string): ToolCall[] {
  const json = jsonIn(text);
  if (!json.found || typeof json.value !== 'object' || json.value === null) return [];
  const { tool_calls, ...rest }: { tool_calls?: unknown } = json.value;
  return Object.keys(rest).length === 0 ? readToolCalls(tool_calls) : [];
}

function argumentsOf(given: string): unknown {
  const json = jsonIn(given);
  return json.found ? json.value : given;
}
