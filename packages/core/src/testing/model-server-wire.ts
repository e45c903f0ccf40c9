import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ModelReply, ModelRequest } from './model-server.ts';

interface Usage {
  readonly prompt: number;
  readonly completion: number;
}

/** Read one chat completion call from the socket. A body that is not JSON gives an empty one. */
export async function toModelRequest(req: IncomingMessage, index: number): Promise<ModelRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const body = parseObject(Buffer.concat(chunks).toString('utf8'));
  const messages = Array.isArray(body['messages']) ? (body['messages'] as { role?: string; content?: unknown }[]) : [];
  const last = messages.findLast((message) => message.role === 'user')?.content;
  const format = body['response_format'] as { json_schema?: { name?: string } } | undefined;
  return {
    path: req.url ?? '',
    headers: req.headers,
    body,
    model: String(body['model'] ?? ''),
    prompt: typeof last === 'string' ? last : JSON.stringify(last ?? ''),
    schemaName: format?.json_schema?.name,
    index,
    at: performance.now(),
  };
}

/** Send the answer; undefined when the caller had gone, or got none. */
export async function reply(
  req: IncomingMessage,
  res: ServerResponse,
  request: ModelRequest,
  answer: ModelReply,
): Promise<Usage | undefined> {
  if (answer.drop) req.socket.destroy();
  else if (answer.hang) await gone(res);
  else if (answer.delayMs) await Promise.race([new Promise((resolve) => setTimeout(resolve, answer.delayMs).unref()), gone(res)]);
  if (res.destroyed || answer.drop || answer.hang) return undefined;

  const status = answer.status ?? 200;
  const text = answer.text === undefined ? 'ok' : answer.text;
  const usage = { prompt: Math.ceil(JSON.stringify(request.body['messages'] ?? '').length / 4), completion: lengthOf(text) };
  const shown = answer.usage === undefined ? { prompt_tokens: usage.prompt, completion_tokens: usage.completion } : answer.usage;
  const body = answer.raw ?? JSON.stringify(status === 200 ? completion(request, answer, text, shown) : problem(status, text));
  res.writeHead(status, { 'content-type': 'application/json', ...answer.headers });
  await new Promise<void>((resolve) => res.end(body, () => resolve()).once('close', () => resolve()));
  return { prompt: number(shown?.['prompt_tokens']), completion: number(shown?.['completion_tokens']) };
}

function completion(request: ModelRequest, answer: ModelReply, text: string | null, usage: unknown): unknown {
  const message = { role: 'assistant', content: text, ...(answer.toolCalls ? { tool_calls: answer.toolCalls } : {}) };
  return {
    id: `chatcmpl-${request.index}`,
    object: 'chat.completion',
    created: 0,
    model: request.model,
    choices: [{ index: 0, message, finish_reason: answer.finishReason ?? (answer.toolCalls ? 'tool_calls' : 'stop') }],
    ...(usage === null ? {} : { usage }),
  };
}

const problem = (status: number, text: string | null) => ({
  error: { message: text ?? '', type: 'test', code: `test_${status}` },
});
const lengthOf = (text: string | null): number => Math.max(1, Math.ceil((text ?? '').length / 4));
const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
const gone = (res: ServerResponse): Promise<void> => new Promise((resolve) => res.once('close', () => resolve()));

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
