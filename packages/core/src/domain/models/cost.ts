import type { ModelPrice } from '../../contract/models-file.ts';

export interface TokenUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
}

/** As much of a message as its length depends on. */
interface Sent {
  readonly content: string;
  readonly tool_calls?: readonly unknown[];
}

const MILLION = 1_000_000;
/** Below this a model says nothing; a call that cannot pay for as many output tokens is not made. */
const LEAST_OUTPUT_TOKENS = 16;
/** What chat templates add by themselves: their own preamble, and the frame of each message. */
const TEMPLATE_TOKENS = 96;
const FRAME_TOKENS = 8;

/** Cost in US dollars, to the nano-dollar. Reasoning tokens are part of `completion_tokens`, as providers count them. */
export function costOf(price: ModelPrice, usage: TokenUsage): number {
  const nano = usage.prompt_tokens * price.input * 1000 + usage.completion_tokens * price.output * 1000;
  return Math.round(nano) / 1e9;
}

/**
 * No provider can count more input tokens than this: every token of a byte-level vocabulary covers at least one byte.
 * `margin` is above 1 for a model that has been seen counting more.
 */
export function inputBound(messages: readonly Sent[], schema: unknown, margin = 1, tools?: unknown): number {
  const text = messages.reduce((sum, message) => sum + messageBytes(message) + FRAME_TOKENS, TEMPLATE_TOKENS);
  const beside = [schema, tools].reduce<number>(
    (sum, part) => sum + (part === undefined ? 0 : utf8Bytes(JSON.stringify(part))),
    0,
  );
  return Math.ceil((text + beside) * margin);
}

function messageBytes({ content, tool_calls }: Sent): number {
  return utf8Bytes(content) + (tool_calls ? utf8Bytes(JSON.stringify(tool_calls)) : 0);
}

/** What a call may cost, US dollars. */
export interface CallEstimate {
  readonly amount_usd: number;
  readonly minimum_usd: number;
}

/** What to reserve for a call at most, and the least with which it makes sense. */
export function estimateCall(price: ModelPrice, inputTokens: number, maxTokens: number): CallEstimate {
  const least = Math.min(maxTokens, LEAST_OUTPUT_TOKENS);
  return {
    amount_usd: costOf(price, { prompt_tokens: inputTokens, completion_tokens: maxTokens }),
    minimum_usd: costOf(price, { prompt_tokens: inputTokens, completion_tokens: least }),
  };
}

/** How many output tokens the granted money pays for, at most what was asked. */
export function affordableTokens(price: ModelPrice, inputTokens: number, grantedUsd: number, maxTokens: number): number {
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
