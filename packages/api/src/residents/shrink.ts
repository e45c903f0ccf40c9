import { jsonIn } from '@vivarium/core';
import type { Message, ToolCall } from '../gate/call/message.ts';

/** Characters of the newest messages that stay whole, and of those that stay in short form; older ones are told in a line. */
const WHOLE_CHARS = 32_000;
const SHORT_CHARS = 48_000;
const SHORT = { lines: 20, chars: 1_200 };
const LINE = { lines: 2, chars: 160 };
type Size = typeof SHORT;

const FENCE_START = '<<<untrusted';
const FENCE_END = '>>>end of untrusted text';

/**
 * A long conversation as it is sent: what tools were asked and answered long ago is cut to its first lines, and what was
 * longer ago to one. Words of people and the model itself stay. The whole stays where steps are kept.
 */
export function shrunk(messages: readonly Message[]): Message[] {
  let [whole, short] = [WHOLE_CHARS, SHORT_CHARS];
  const sent: Message[] = [];
  for (const message of [...messages].reverse()) {
    whole -= sizeOf(message);
    const shorter = whole >= 0 ? message : cut(message, SHORT);
    if (whole < 0) short -= sizeOf(shorter);
    sent.push(short >= 0 ? shorter : cut(message, LINE));
  }
  return sent.reverse();
}

function sizeOf(message: Message): number {
  if (message.role === 'tool') return message.content.length;
  if (message.role !== 'assistant') return 0;
  return message.content.length + (message.tool_calls ?? []).reduce((sum, call) => sum + call.function.arguments.length, 0);
}

function cut(message: Message, size: Size): Message {
  if (message.role === 'tool') return { ...message, content: cutJson(message.content, size) };
  if (message.role !== 'assistant' || !message.tool_calls) return message;
  return { ...message, tool_calls: message.tool_calls.map((call) => cutCall(call, size)) };
}

const cutCall = (call: ToolCall, size: Size): ToolCall => ({
  ...call,
  function: { ...call.function, arguments: cutJson(call.function.arguments, size) },
});

/** JSON whose texts are cut stays JSON: servers read it again. */
function cutJson(text: string, size: Size): string {
  if (text.length <= size.chars) return text;
  const json = jsonIn(text);
  return json.found ? JSON.stringify(cutValue(json.value, size)) : '{}';
}

function cutValue(value: unknown, size: Size): unknown {
  if (typeof value === 'string') return cutText(value, size);
  if (Array.isArray(value)) {
    const kept = value.slice(0, size.lines).map((item) => cutValue(item, { ...size, chars: Math.ceil(size.chars / 4) }));
    return value.length > size.lines ? [...kept, `… ${value.length - size.lines} more`] : kept;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cutValue(item, size)]));
}

function cutText(text: string, { lines, chars }: Size): string {
  const all = text.split('\n');
  if (all.length <= lines && text.length <= chars) return text;
  const fenced = text.startsWith(FENCE_START);
  const first = all
    .slice(0, lines + (fenced ? 1 : 0))
    .join('\n')
    .slice(0, chars);
  const left = text.length - first.length;
  return [first, `[${left} more characters were left out; ask again if you need them]`, ...(fenced ? [FENCE_END] : [])].join(
    '\n',
  );
}
