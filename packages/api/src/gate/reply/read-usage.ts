import type { TokenUsage } from '@vivarium/core';
import { isObject } from './fields.ts';

/** What a reply says it used. */
export interface ReadUsage {
  /** Undefined when it did not say, or said nonsense. Thinking is part of `completion_tokens`. */
  readonly usage: TokenUsage | undefined;
  readonly thinking_tokens: number | undefined;
}

const PROMPT = ['prompt_tokens', 'input_tokens', 'prompt_eval_count'];
const COMPLETION = ['completion_tokens', 'output_tokens', 'eval_count'];
const THINKING = ['reasoning_tokens', 'thinking_tokens'];
const DETAILS = ['completion_tokens_details', 'output_tokens_details'];

/** Usage in the forms that servers give it, as numbers that can be charged. */
export function readUsage(given: unknown): ReadUsage {
  if (!isObject(given)) return { usage: undefined, thinking_tokens: undefined };
  const details = DETAILS.map((key) => given[key]).find(isObject);
  const thinking_tokens = countIn(details ?? {}, THINKING) ?? countIn(given, THINKING);
  const prompt_tokens = countIn(given, PROMPT);
  const said = countIn(given, COMPLETION);
  if (prompt_tokens === undefined || said === undefined) return { usage: undefined, thinking_tokens };
  const beside = thinking_tokens !== undefined && isBeside(prompt_tokens, said, thinking_tokens, countOf(given['total_tokens']));
  return { usage: { prompt_tokens, completion_tokens: beside ? said + thinking_tokens : said }, thinking_tokens };
}

/** Some servers count thinking beside the answer: only the total tells. */
const isBeside = (prompt: number, said: number, thinking: number, total: number | undefined): boolean =>
  total === undefined ? thinking > said : thinking > 0 && total === prompt + said + thinking;

function countIn(given: Readonly<Record<string, unknown>>, keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const count = countOf(given[key]);
    if (count !== undefined) return count;
  }
  return undefined;
}

/** No reply has more tokens; a larger number is nonsense, and its price would be too. */
const MOST_TOKENS = 100_000_000;

function countOf(value: unknown): number | undefined {
  const count = typeof value === 'string' && /^\s*\d+(?:\.0+)?\s*$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && count >= 0 && count <= MOST_TOKENS ? count : undefined;
}
