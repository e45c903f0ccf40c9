import type { TokenUsage } from '@vivarium/core';
import type { ToolCall } from '../call/message.ts';
import { type Fields, isObject, isText } from './fields.ts';
import { errorIn, isErrorItself, isSuccess, type SaidError } from './read-error.ts';
import { readToolCalls } from './read-tool-calls.ts';
import { readUsage } from './read-usage.ts';
import { withoutThinking } from './thinking.ts';

/** What a model said, in whatever shape its server put it. */
export interface ReadAnswer {
  /** Without the thinking; empty when none began. */
  readonly text: string;
  readonly toolCalls?: readonly ToolCall[];
  readonly usage: TokenUsage | undefined;
  /** The limit of tokens ended it. */
  readonly truncated: boolean;
  /** What was thought beside the answer. */
  readonly thinking?: { readonly chars: number; readonly tokens?: number };
  /** Nothing of an answer was said: the limit was used up first, or the thinking has no end. */
  readonly cutInThinking?: true;
  /** The model declined in the field made for that; `text` is what it said there. */
  readonly refused?: true;
  /** Why it ended, in the server's word. */
  readonly finish?: string;
}

export type ReadReply =
  | { readonly kind: 'answer'; readonly answer: ReadAnswer }
  /** The server's own error, though it came with a good status. */
  | SaidError
  /** A filter of the provider took the answer; `by` is its word for that. */
  | { readonly kind: 'blocked'; readonly by: string }
  /** No reply of a model at all; `seen` is what came instead. */
  | { readonly kind: 'no_reply'; readonly seen: string };

/** Read the body of a good response. A reply without a choice is none; one with an empty text is one. */
export function readAnswer(reply: unknown): ReadReply {
  const body = typeof reply === 'string' ? parsed(reply) : reply;
  if (!isObject(body)) return { kind: 'no_reply', seen: seenIn(reply) };
  const choice = choiceOf(body);
  const error = errorBeside(choice, body);
  if (error) return error;
  const by = choice && speaks(saidBy(choice)) ? undefined : blockIn(body);
  if (by !== undefined) return { kind: 'blocked', by };
  if (!choice) return { kind: 'no_reply', seen: `JSON with the keys ${Object.keys(body).slice(0, 5).join(', ') || '(none)'}` };
  return { kind: 'answer', answer: answerOf(choice, body) };
}

/** The part that speaks: a choice of a chat completion, or a body that is one message itself. */
function choiceOf(body: Fields): Fields | undefined {
  const { choices, output } = body;
  if (Array.isArray(choices)) {
    const known = choices.filter(isObject).filter((one) => ['message', 'delta', 'text', 'error'].some((key) => isSaid(one[key])));
    return known.find((one) => saidBy(one).text !== '') ?? known[0];
  }
  if (isObject(body['message'])) return body;
  if (Array.isArray(output)) return { ...body, content: output };
  if (typeof body['response'] === 'string') return { ...body, content: body['response'] };
  return typeof body['content'] === 'string' || Array.isArray(body['content']) ? body : undefined;
}

/** The error of a reply. Beside words of an answer, one that speaks of success is none. */
function errorBeside(choice: Fields | undefined, body: Fields): SaidError | undefined {
  const answered = choice !== undefined && speaks(saidBy(choice));
  const told = [choice?.['error'], body['error']].filter((error) => !(answered && isSuccess(error)));
  const itself = isErrorItself(body);
  return told.map((error) => errorIn(error)).find(Boolean) ?? (!choice || itself ? errorIn(body, itself) : undefined);
}

const speaks = ({ text, refusal, calls }: Said): boolean => text !== '' || refusal !== undefined || calls.length > 0;

const BLOCKED = /^(?:content.?filter|safety|recitation|prohibited.?content|block|spii|sensitive|moderat|guardrail)/i;

/** Why a filter took the answer, in the provider's word. */
function blockIn({ choices, promptFeedback, prompt_feedback, ...body }: Fields): string | undefined {
  const feedback = [promptFeedback, prompt_feedback].find(isObject);
  const reasons = [body, ...(Array.isArray(choices) ? choices.filter(isObject) : [])].flatMap((one) => [
    one['finish_reason'],
    one['stop_reason'],
    one['native_finish_reason'],
    reasonIn(one),
  ]);
  const blocked = reasons.filter(isText).find((reason) => BLOCKED.test(reason));
  return blocked ?? [feedback?.['blockReason'], feedback?.['block_reason']].find(isText);
}

function answerOf(choice: Fields, body: Fields): ReadAnswer {
  const said = saidBy(choice);
  const cut = withoutThinking(said.text);
  const { usage, thinking_tokens } = readUsage(body['usage'] ?? body);
  const toolCalls = said.calls;
  const finish = [choice['finish_reason'], choice['done_reason'], choice['stop_reason'], reasonIn(body)].find(isText);
  const truncated = finish !== undefined && /^(?:length|model_length|max_(?:output_|new_)?tokens)$/i.test(finish);
  const chars = said.thought + cut.chars;
  const nothing = cut.text.trim() === '' && toolCalls.length === 0 && !said.refusal;
  return {
    text: said.refusal ?? cut.text,
    ...(toolCalls.length > 0 ? { toolCalls } : {}),
    usage,
    truncated,
    ...(chars > 0 || thinking_tokens ? { thinking: { chars, ...(thinking_tokens ? { tokens: thinking_tokens } : {}) } } : {}),
    ...(nothing && (truncated || cut.open) ? { cutInThinking: true } : {}),
    ...(said.refusal ? { refused: true } : {}),
    ...(finish === undefined ? {} : { finish }),
  };
}

interface Said {
  readonly text: string;
  readonly refusal: string | undefined;
  readonly calls: ToolCall[];
  /** Characters of fields and parts that hold thinking. They are never the answer. */
  readonly thought: number;
}

/** Names of fields and parts that hold thinking. */
const THOUGHT = /think|thought|reasoning/i;

function saidBy(choice: Fields): Said {
  const { message, delta } = choice;
  const speaker = isObject(message) ? message : isObject(delta) ? delta : choice;
  const { content, refusal } = speaker;
  const parts = partsOf(typeof message === 'string' ? message : (content ?? speaker['text']));
  const fields = Object.entries(speaker).filter(([key]) => THOUGHT.test(key));
  const legacy = isObject(speaker['function_call']) ? [{ function: speaker['function_call'] }] : [];
  const declined = isText(refusal) ? refusal : parts.find((part) => isText(part['refusal']))?.['refusal'];
  return {
    text: parts
      .filter((part) => !isThought(part))
      .map(textOf)
      .join(''),
    refusal: isText(declined) ? declined : undefined,
    calls: readToolCalls(
      [speaker['tool_calls'], legacy, parts.filter(isCall)].find((list) => Array.isArray(list) && list.length > 0),
    ),
    // Servers that changed the field's name send both: the longer one counts.
    thought: Math.max(0, ...fields.map(([, value]) => length(value))) + sum(parts.filter(isThought).map(length)),
  };
}

/** A content as parts, messages within it opened. */
function partsOf(content: unknown): Fields[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (isObject(content) && !Array.isArray(content)) return partsOf([content]);
  if (!Array.isArray(content)) return [];
  return content.flatMap((part: unknown) => {
    if (typeof part === 'string') return [{ type: 'text', text: part }];
    if (!isObject(part)) return [];
    return part['type'] === 'message' ? partsOf(part['content']) : [part];
  });
}

const isThought = (part: Fields): boolean => THOUGHT.test(String(part['type'] ?? '')) || part['thought'] === true;
const isCall = ({ type, name }: Fields): boolean => isText(name) && /^(?:function_call|tool_call|tool_use)$/.test(String(type));

function textOf({ text }: Fields): string {
  if (typeof text === 'string') return text;
  return isObject(text) && typeof text['value'] === 'string' ? text['value'] : '';
}

/** Characters of text anywhere in a value. */
function length(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (!isObject(value)) return 0;
  return sum(Object.entries(value).map(([key, part]) => (/^(?:type|id|format|signature|effort)$/.test(key) ? 0 : length(part))));
}

const reasonIn = ({ incomplete_details: why }: Fields): unknown => (isObject(why) ? why['reason'] : undefined);

/** What a text or nothing is, for a person. */
function seenIn(reply: unknown): string {
  if (typeof reply !== 'string') return reply === undefined || reply === null ? 'nothing' : `a ${typeof reply}`;
  const title = /<title[^>]*>\s*([^<]{1,80}?)\s*</i.exec(reply)?.[1];
  if (/^\s*<(?:!doctype|html|head|body|\?xml)/i.test(reply)) return title ? `a web page, "${title}"` : 'a web page';
  return reply.trim() === '' ? 'an empty body' : 'plain text';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
const isSaid = (value: unknown): boolean => typeof value === 'string' || isObject(value);
