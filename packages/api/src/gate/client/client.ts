import { CallFailure } from '../call/call-failure.ts';
import { readAnswer } from '../reply/read-answer.ts';
import { readReply, type Streamed } from '../stream/stream.ts';
import type { ChatAnswer, ChatCall, ChatClient } from './adapter.ts';
import { classify, classifyInside } from './classify.ts';
import { degrade } from './profile.ts';
import { fetchFor, HttpRefusal } from './transport.ts';
import { Watch } from './watch.ts';

export interface ClientOptions {
  readonly sdk: 'groq' | 'openai';
  readonly apiKey: string;
  readonly baseUrl?: string | undefined;
}

type Post = (body: Record<string, unknown>, signal: AbortSignal) => Promise<Response>;

/** The SDKs' own limit on time; ours are shorter and end a call first. */
const NEVER_MS = 2 ** 31 - 1;

/** Both SDKs behind one call. An SDK is loaded when it is first called; retries are the gate's, so theirs are off. */
export function openChatClient(options: ClientOptions): ChatClient {
  const open = options.sdk === 'groq' ? openGroq : openOpenai;
  let opened: Promise<Post> | undefined;
  return {
    async complete(call) {
      opened ??= open(options);
      const watch = new Watch(call.time, call.signal);
      const sofar = { text: '' };
      try {
        const response = await (await opened)(bodyOf(call), watch.signal);
        watch.sign();
        return answerIn(await received(response, watch, call, sofar), response, call, sofar.text);
      } catch (error) {
        if (call.signal.aborted) throw call.signal.reason;
        throw failureOf(error, watch, call, sofar.text);
      } finally {
        watch.end();
      }
    },
  };
}

/** groq-sdk adds `/openai/v1` itself, so an address that has it already loses it. */
async function openGroq({ apiKey, baseUrl }: ClientOptions): Promise<Post> {
  const { default: sdk } = await import('groq-sdk');
  const baseURL = baseUrl?.replace(/\/+$/, '').replace(/\/openai\/v1$/, '') ?? 'https://api.groq.com';
  const client = new sdk({ apiKey, baseURL, maxRetries: 0, logLevel: 'off', timeout: NEVER_MS, fetch: fetchFor(baseURL) });
  // The body is ours, checked by no type of the SDK: what a model takes differs more than its types know.
  return (body, signal) => client.post('/openai/v1/chat/completions', { body, signal, stream: false }).asResponse();
}

async function openOpenai({ apiKey, baseUrl }: ClientOptions): Promise<Post> {
  const { default: sdk } = await import('openai');
  const baseURL = baseUrl ?? 'https://api.openai.com/v1';
  const common = { apiKey, baseURL, organization: null, project: null };
  const client = new sdk({ ...common, maxRetries: 0, logLevel: 'off', timeout: NEVER_MS, fetch: fetchFor(baseURL) });
  return (body, signal) => client.post('/chat/completions', { body, signal, stream: false }).asResponse();
}

/** The request in the OpenAI shape. What differs between calls stands last, so that providers can keep what stays the same. */
function bodyOf(call: ChatCall): Record<string, unknown> {
  const { profile, tools } = call;
  const { messages, schema } = degrade(call.messages, call.schema, profile.schema);
  return {
    model: call.model,
    ...(profile.temperature ? { temperature: call.temperature } : {}),
    ...(profile.effort && call.effort !== undefined ? { reasoning_effort: call.effort } : {}),
    ...(profile.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    ...(profile.tools && tools?.length ? { tools: tools.map((tool) => ({ type: 'function', function: tool })) } : {}),
    ...(schema ? { response_format: formatOf(schema) } : {}),
    ...(profile.limit === 'none' ? {} : { [profile.limit]: call.maxTokens }),
    messages,
  };
}

function formatOf({ name, schema }: NonNullable<ChatCall['schema']>): Record<string, unknown> {
  if (Object.keys(schema).length === 0) return { type: 'json_object' };
  return { type: 'json_schema', json_schema: { name, schema, strict: true } };
}

/** No text of so many tokens is longer, thinking included; a model that goes on does not keep to its limit. */
const mostChars = ({ maxTokens }: ChatCall): number => 16 * maxTokens + 10_000;

/** A body as a reply: a stream put together, or the text as it is. */
function received(response: Response, watch: Watch, call: ChatCall, sofar: { text: string }): Promise<unknown> {
  const hear = ({ text }: Streamed) => {
    watch.sign();
    if (text === sofar.text) return;
    sofar.text = text;
    call.onText?.(text);
  };
  return readReply(response, { mostChars: mostChars(call), asked: call.profile.stream, onPiece: hear });
}

function answerIn(reply: unknown, response: Response, { model }: ChatCall, partial: string): ChatAnswer {
  const read = readAnswer(reply);
  if (read.kind === 'answer') return read.answer;
  const header = (name: string) => response.headers.get(name);
  if (read.kind === 'error') throw classifyInside(read.message, read.status, { header, model, now: Date.now() }, partial);
  if (read.kind === 'blocked')
    throw new CallFailure('fails_request', `the provider's filter stopped the answer (${read.by})`, { mayBeCharged: true });
  // A page is no model's work, so nobody is paid for it.
  const isPage = response.headers.get('content-type')?.includes('html') === true;
  throw new CallFailure('bad_reply', `the reply is not a chat completion but ${read.seen}`, { mayBeCharged: !isPage });
}

/** What was thrown on the way, in our words. */
function failureOf(error: unknown, watch: Watch, { model }: ChatCall, partial: string): CallFailure {
  const kept = partial === '' ? {} : { partial };
  if (watch.over !== undefined) return new CallFailure('timeout', watch.over, { mayBeCharged: true, ...kept });
  const chain = causesOf(error);
  const ours = chain.find((cause) => cause instanceof CallFailure);
  if (ours) return ours;
  const refusal = chain.find((cause) => cause instanceof HttpRefusal);
  if (refusal) {
    const { status, headers, body } = refusal;
    const to = headers.get('location');
    const seen =
      to === null
        ? body
        : JSON.stringify({ message: `it redirects to ${URL.canParse(to) ? new URL(to).origin : 'another address'}` });
    return classify({ status, header: (name) => headers.get(name), body: seen, model, now: Date.now() });
  }
  const code = codeOf(chain);
  if (partial !== '' || code !== undefined) {
    const message = partial === '' ? `the connection failed (${code})` : 'the connection broke off within the answer';
    return new CallFailure('unavailable', message, { mayBeCharged: !NEVER_CONNECTED.has(code ?? ''), ...kept });
  }
  const words = error instanceof Error ? error.message.slice(0, 200) : String(error);
  return new CallFailure('unavailable', `the connection failed (${words})`, { mayBeCharged: true });
}

const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function causesOf(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let at: unknown = error; at instanceof Error && chain.length < 8; at = at.cause) chain.push(at);
  return chain;
}

/** The errno name nearest to the root of a chain of causes. */
function codeOf(chain: readonly Error[]): string | undefined {
  const codes = chain.flatMap((cause) => ('code' in cause && typeof cause.code === 'string' ? [cause.code] : []));
  return codes.at(-1);
}
