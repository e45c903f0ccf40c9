/** Pure decisions of the gate: what a call may cost, what it did cost, and when to try again. Prices are USD per million tokens. */

export interface Price {
  readonly input: number;
  readonly output: number;
}

export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
}

/** One function call that a model asks for; `arguments` is JSON text as the model wrote it. */
export interface ToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

export type Message =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string; readonly tool_calls?: ToolCall[] }
  | { readonly role: 'tool'; readonly tool_call_id: string; readonly content: string };

const MILLION = 1_000_000;
/** Below this a model says nothing; a call that cannot pay for as many output tokens is not made. */
const LEAST_OUTPUT_TOKENS = 16;
/** What chat templates add by themselves: their own preamble, and the frame of each message. */
const TEMPLATE_TOKENS = 96;
const FRAME_TOKENS = 8;

/** Cost in US dollars, to the nano-dollar. Reasoning tokens are part of `completion_tokens`, as providers count them. */
export function costOf(price: Price, usage: Usage): number {
  const nano = usage.prompt_tokens * price.input * 1000 + usage.completion_tokens * price.output * 1000;
  return Math.round(nano) / 1e9;
}

/**
 * No provider can count more input tokens than this: every token of a byte-level vocabulary covers at least one byte.
 * `margin` is above 1 for a model that has been seen counting more.
 */
export function inputBound(messages: readonly Message[], schema: unknown, margin = 1, tools?: unknown): number {
  const text = messages.reduce((sum, message) => sum + messageBytes(message) + FRAME_TOKENS, TEMPLATE_TOKENS);
  const beside = [schema, tools].reduce<number>(
    (sum, part) => sum + (part === undefined ? 0 : utf8Bytes(JSON.stringify(part))),
    0,
  );
  return Math.ceil((text + beside) * margin);
}

function messageBytes(message: Message): number {
  const calls = message.role === 'assistant' && message.tool_calls ? utf8Bytes(JSON.stringify(message.tool_calls)) : 0;
  return utf8Bytes(message.content) + calls;
}

export interface Estimate {
  readonly amount_usd: number;
  readonly minimum_usd: number;
}

/** What to reserve for a call at most, and the least with which it makes sense. */
export function estimate(price: Price, inputTokens: number, maxTokens: number): Estimate {
  const least = Math.min(maxTokens, LEAST_OUTPUT_TOKENS);
  return {
    amount_usd: costOf(price, { prompt_tokens: inputTokens, completion_tokens: maxTokens }),
    minimum_usd: costOf(price, { prompt_tokens: inputTokens, completion_tokens: least }),
  };
}

/** How many output tokens the granted money pays for, at most what was asked. */
export function affordableTokens(price: Price, inputTokens: number, grantedUsd: number, maxTokens: number): number {
  if (price.output === 0) return maxTokens;
  const left = grantedUsd - (inputTokens * price.input) / MILLION;
  return Math.max(1, Math.min(maxTokens, Math.floor((left * MILLION) / price.output + 1e-6)));
}

/** Bytes in UTF-8, without an encoder. */
function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x7ff) bytes += code >= 0xd800 && code <= 0xdfff ? 1 : 2;
    else if (code > 0x7f) bytes += 1;
  }
  return bytes;
}
