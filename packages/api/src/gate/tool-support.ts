import type { ChatAnswer, ToolOffer } from './adapter.ts';
import { readToolCalls } from './read-tool-calls.ts';
import type { Message, ToolCall } from './rules.ts';

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

/** The calls in an answer that is such an object, whole and alone; an answer with anything else in it has none. */
export function readInWords(answer: ChatAnswer): ChatAnswer {
  const calls = callsIn(answer.text);
  return calls.length === 0 ? answer : { ...answer, text: '', toolCalls: calls };
}

function plain(message: Message): Message {
  if (message.role === 'tool') return { role: 'user', content: `Result of ${message.tool_call_id}: ${message.content}` };
  if (message.role !== 'assistant' || !message.tool_calls) return message;
  const calls = message.tool_calls.map(({ function: { name, arguments: given } }) => ({
    name,
    arguments: parsed(given) ?? given,
  }));
  return { role: 'assistant', content: JSON.stringify({ tool_calls: calls }) };
}

function callsIn(text: string): ToolCall[] {
  const value = parsed(text.trim());
  if (typeof value !== 'object' || value === null || !('tool_calls' in value) || Object.keys(value).length !== 1) return [];
  const { tool_calls } = value;
  return Array.isArray(tool_calls) ? readToolCalls(tool_calls.map((call: unknown) => ({ function: call }))) : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
