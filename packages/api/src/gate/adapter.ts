import { createHash } from 'node:crypto';
import type Groq from 'groq-sdk';
import type OpenAI from 'openai';
import { ProviderError, type ProviderFault } from '../errors.ts';
import { type ReadAnswer, readAnswer } from './read-answer.ts';
import { type Message, retryAfterMs } from './rules.ts';

export interface AnswerSchema {
  readonly name: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** A function that the model may ask to have called. */
export interface ToolOffer {
  readonly name: string;
  readonly description: string;
  readonly parameters: Record<string, unknown>;
}

export interface ChatCall {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly maxTokens: number;
  readonly temperature: number;
  readonly schema?: AnswerSchema | undefined;
  readonly tools?: readonly ToolOffer[] | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export type ChatAnswer = ReadAnswer;

/** One way to a model. */
export interface ChatClient {
  /** @throws CallFailure */
  complete(call: ChatCall): Promise<ChatAnswer>;
}

/** One attempt that gave no answer, and what that means for trying again and for the bill. */
export class CallFailure extends Error {
  readonly fault: ProviderFault;
  readonly retryable: boolean;
  /** The provider may have done the work all the same: the reservation is kept as spent. */
  readonly mayBeCharged: boolean;
  readonly retryAfterMs: number | undefined;
  /** The provider does not know strict schemas: ask again for plain JSON. */
  readonly noSchemas: boolean;
  /** The provider does not know function calls: ask again with the tools described in words. */
  readonly noTools: boolean;

  constructor(fault: ProviderFault, message: string, details: Partial<Omit<CallFailure, 'fault' | 'message'>> = {}) {
    super(message);
    this.name = 'CallFailure';
    this.fault = fault;
    this.retryable = details.retryable ?? ['rate_limited', 'unavailable', 'timeout', 'bad_reply'].includes(fault);
    this.mayBeCharged = details.mayBeCharged ?? false;
    this.retryAfterMs = details.retryAfterMs;
    this.noSchemas = details.noSchemas ?? false;
    this.noTools = details.noTools ?? false;
  }

  toError(provider: string, fix: string | undefined): ProviderError {
    return new ProviderError(this.fault, `${provider}: ${this.message}`, {
      ...(fix === undefined ? {} : { fix }),
      data: { ...(this.retryAfterMs === undefined ? {} : { retry_after_ms: this.retryAfterMs }) },
      cause: this,
    });
  }
}

export interface ClientOptions {
  readonly sdk: 'groq' | 'openai';
  readonly apiKey: string;
  readonly baseUrl?: string | undefined;
}

/** Both SDKs behind one call. An SDK is loaded when it is first called; retries are the gate's, so theirs are off. */
export function openChatClient(options: ClientOptions): ChatClient {
  const open = options.sdk === 'groq' ? openGroq : openOpenai;
  let opened: Promise<Wire> | undefined;
  return {
    async complete(call) {
      opened ??= open(options);
      const { create, sdk } = await opened;
      const timeout = Math.max(1, Math.ceil(call.timeoutMs));
      let reply: unknown;
      try {
        reply = await create(call, { timeout, signal: call.signal, maxRetries: 0 });
      } catch (error) {
        if (call.signal.aborted) throw call.signal.reason;
        throw classify(error, sdk, call);
      }
      return answerIn(reply);
    },
  };
}

type Sdk = typeof Groq | typeof OpenAI;

interface Wire {
  readonly sdk: Sdk;
  readonly create: (call: ChatCall, options: { timeout: number; signal: AbortSignal; maxRetries: 0 }) => Promise<unknown>;
}

/** groq-sdk adds `/openai/v1` itself, so an address that has it already loses it. */
async function openGroq({ apiKey, baseUrl }: ClientOptions): Promise<Wire> {
  const { default: sdk } = await import('groq-sdk');
  const baseURL = baseUrl?.replace(/\/+$/, '').replace(/\/openai\/v1$/, '') ?? 'https://api.groq.com';
  const client = new sdk({ apiKey, baseURL, maxRetries: 0, logLevel: 'off' });
  const create: Wire['create'] = async (call, options) =>
    client.chat.completions.create({ ...bodyOf(call), max_tokens: call.maxTokens }, options);
  return { sdk, create };
}

/** OpenAI's own newer models know `max_completion_tokens` only; servers that imitate it often know `max_tokens` only. */
async function openOpenai({ apiKey, baseUrl }: ClientOptions): Promise<Wire> {
  const { default: sdk } = await import('openai');
  const baseURL = baseUrl ?? 'https://api.openai.com/v1';
  const client = new sdk({ apiKey, baseURL, organization: null, project: null, maxRetries: 0, logLevel: 'off' });
  const limit = baseUrl === undefined ? 'max_completion_tokens' : 'max_tokens';
  const create: Wire['create'] = async (call, options) =>
    client.chat.completions.create({ ...bodyOf(call), [limit]: call.maxTokens }, options);
  return { sdk, create };
}

function bodyOf({ model, messages, temperature, schema, tools }: ChatCall) {
  const offered = tools?.map((tool) => ({ type: 'function' as const, function: { ...tool } }));
  const base = { model, messages: [...messages], temperature, ...(offered?.length ? { tools: offered } : {}) };
  if (!schema) return base;
  if (Object.keys(schema.schema).length === 0) return { ...base, response_format: { type: 'json_object' as const } };
  const json_schema = { name: schema.name, schema: { ...schema.schema }, strict: true };
  return { ...base, response_format: { type: 'json_schema' as const, json_schema } };
}

function answerIn(reply: unknown): ChatAnswer {
  const read = readAnswer(reply);
  if (read.kind === 'answer') return read.answer;
  if (read.kind === 'error')
    throw new CallFailure('unavailable', `an error came as the answer: ${read.message}`, { mayBeCharged: true });
  throw new CallFailure('bad_reply', `the reply is not a chat completion but ${read.seen}`, { mayBeCharged: true });
}

/** What an SDK threw, in our words. Bodies of errors may quote the prompt or a key: only the short message is kept. */
function classify(error: unknown, sdk: Sdk, { schema, tools }: Pick<ChatCall, 'schema' | 'tools'>): CallFailure {
  const message = error instanceof Error ? error.message.slice(0, 300) : 'unknown failure';
  if (error instanceof sdk.APIConnectionTimeoutError)
    return new CallFailure('timeout', 'no answer within the time allowed', { mayBeCharged: true });
  if (error instanceof sdk.APIConnectionError)
    return new CallFailure('unavailable', `the connection failed (${rootCode(error)})`, { mayBeCharged: !neverConnected(error) });
  if (!(error instanceof sdk.APIError))
    return new CallFailure('bad_reply', `the reply cannot be read: ${message}`, { mayBeCharged: true });
  const { status } = error;
  const after = error.headers ? retryAfterMs((name) => error.headers?.get(name), Date.now()) : undefined;
  const details = after === undefined ? {} : { retryAfterMs: after };
  if (status === 429) return new CallFailure('rate_limited', message, details);
  if (/tool_use_failed|failed to (call a function|parse tool call)/i.test(message)) return new CallFailure('bad_reply', message);
  if (tools?.length && /\btools?\b|function.?call/i.test(message) && status !== 401 && status !== 403)
    return new CallFailure('invalid_request', message, { noTools: true });
  if (status === undefined || status >= 500 || status === 408 || status === 409)
    return new CallFailure('unavailable', message, details);
  if (status === 401 || status === 403) return new CallFailure('misconfigured', message);
  if (status === 404) return new CallFailure('unknown_model', message);
  if (/json_validate_failed|failed to (generate|validate) json/i.test(message)) return new CallFailure('bad_reply', message);
  const noSchemas = schema !== undefined && /response_format|json_schema|structured output/i.test(message);
  return new CallFailure('invalid_request', message, { noSchemas });
}

const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const neverConnected = (error: Error): boolean => NEVER_CONNECTED.has(rootCode(error));

/** The errno name at the root of a chain of causes. */
function rootCode(error: unknown): string {
  let code = 'unknown';
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++)
    if ('code' in at && typeof at.code === 'string') code = at.code;
  return code;
}

export const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
