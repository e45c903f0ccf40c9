import type { ModelHandler, ModelReply, ModelRequest } from './model-server.ts';

/** One function call of a scripted model. */
export type ScriptedCall = readonly [tool: string, args: object | string];

/** A reply that asks for calls; several stand in one message. */
export function callsTools(...calls: readonly ScriptedCall[]): ModelReply {
  const toolCalls = calls.map(([name, args], at) => ({
    id: `call_${at}_${name}`,
    type: 'function',
    function: { name, arguments: typeof args === 'string' ? args : JSON.stringify(args) },
  }));
  return { text: null, toolCalls };
}

/** What the tools answered so far in this conversation, oldest first. */
export function toolResults(request: ModelRequest): Record<string, unknown>[] {
  const messages = Array.isArray(request.body['messages'])
    ? (request.body['messages'] as { role: string; content: string }[])
    : [];
  return messages.filter(({ role }) => role === 'tool').map(({ content }) => JSON.parse(content) as Record<string, unknown>);
}

/** How often the model has spoken in this conversation. */
export function stepOf(request: ModelRequest): number {
  const messages = Array.isArray(request.body['messages']) ? (request.body['messages'] as { role: string }[]) : [];
  return messages.filter(({ role }) => role === 'assistant').length;
}

/** A model that goes through its lines one a step, and then says `last`. A line may look at what came before. */
export function scriptOf(
  lines: readonly (readonly ScriptedCall[] | ((results: Record<string, unknown>[]) => readonly ScriptedCall[]))[],
  last = 'The work is done.',
): ModelHandler {
  return (request) => {
    const line = request.body['tools'] ? lines[stepOf(request)] : undefined;
    if (line === undefined) return last;
    return callsTools(...(typeof line === 'function' ? line(toolResults(request)) : line));
  };
}
