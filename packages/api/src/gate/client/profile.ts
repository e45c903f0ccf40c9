import type { CallFailure, Part } from '../call/call-failure.ts';
import type { AnswerSchema, Message, ToolOffer } from '../call/message.ts';

/** How structured answers are asked for: a strict schema, plain JSON mode, or words alone. */
export type Level = 'strict' | 'json' | 'words';

/** What a model takes of a call beside its messages. */
export interface Profile {
  readonly temperature: boolean;
  /** Name of the token limit in the request; `none`: it is not sent. */
  readonly limit: 'max_tokens' | 'max_completion_tokens' | 'none';
  readonly schema: Level;
  /** False: tools are described in words and asked for in JSON. */
  readonly tools: boolean;
  readonly effort: boolean;
  readonly stream: boolean;
  /** A limit above this was refused. */
  readonly most_tokens?: number;
}

export interface Parts {
  readonly schema?: AnswerSchema | undefined;
  readonly tools?: readonly ToolOffer[] | undefined;
  readonly effort?: string | undefined;
  /** The limit of output tokens that was sent. */
  readonly limit_tokens: number;
  /** An answer without a limit costs nothing here. */
  readonly free: boolean;
}

/** What was learned is believed for this long: a server may be changed, and what had no name may have been about the request. */
const NAMED_MS = 3_600_000;
const UNNAMED_MS = 600_000;

interface Learned {
  readonly profile: Profile;
  readonly until_ms: number;
}

/** What is known of models that do not take everything, by provider and model. */
export class Profiles {
  readonly #known = new Map<string, Learned>();

  of(key: string, first: Profile, now_ms: number): Profile {
    const known = this.#known.get(key);
    if (known && known.until_ms > now_ms) return known.profile;
    this.#known.delete(key);
    return first;
  }

  /** A call with this profile was answered; `named` when the provider had said what it does not take. */
  learn(key: string, profile: Profile, named: boolean, now_ms: number): void {
    this.#known.set(key, { profile, until_ms: now_ms + (named ? NAMED_MS : UNNAMED_MS) });
  }
}

/**
 * The next thing to try after a refusal: without the part that its words name, else without every part that is not
 * needed. Undefined when the call had nothing to leave out.
 */
export function without(
  profile: Profile,
  { named, message }: Pick<CallFailure, 'named' | 'message'>,
  call: Parts,
): { readonly profile: Profile; readonly named: boolean } | undefined {
  // A server whose context is too small for the limit names the number, if nothing else.
  const aboutLimit = /token/i.test(message) && roomIn(message, call.limit_tokens) !== undefined;
  const [part] = [...named, ...(aboutLimit ? (['limit'] as const) : [])].filter((one) => isSent(one, profile, call));
  if (part !== undefined) return { profile: lowered(profile, part, message, call.limit_tokens), named: true };
  const bare: Profile = { ...profile, temperature: false, schema: 'words', tools: false, effort: false, stream: false };
  const had = (['temperature', 'schema', 'tools', 'effort', 'stream'] as const).some((one) => isSent(one, profile, call));
  return had ? { profile: bare, named: false } : undefined;
}

function isSent(part: Part, profile: Profile, { schema, tools, effort, free, limit_tokens }: Parts): boolean {
  switch (part) {
    case 'schema':
      return schema !== undefined && profile.schema !== 'words';
    case 'tools':
      return tools !== undefined && tools.length > 0 && profile.tools;
    case 'effort':
      return effort !== undefined && profile.effort;
    case 'limit':
      return profile.limit !== 'none' && (free || limit_tokens > LEAST_LIMIT);
    default:
      return profile[part];
  }
}

function lowered(profile: Profile, part: Part, words: string, limit_tokens: number): Profile {
  switch (part) {
    case 'schema':
      return { ...profile, schema: profile.schema === 'strict' ? 'json' : 'words' };
    case 'limit': {
      const other = profile.limit === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
      if (words.includes(other)) return { ...profile, limit: other };
      return limit_tokens <= LEAST_LIMIT
        ? { ...profile, limit: 'none' }
        : { ...profile, most_tokens: roomIn(words, limit_tokens) ?? Math.floor(limit_tokens / 4) };
    }
    default:
      return { ...profile, [part]: false };
  }
}

/** Below this the limit itself is what the model does not take. */
const LEAST_LIMIT = 256;

/**
 * How long an answer may be, from the numbers in a refusal of its limit: what was asked for in all (the limit, or the limit
 * and the prompt), and what there is. A quarter where they tell nothing; undefined when no number is as large as the limit.
 */
function roomIn(words: string, limit_tokens: number): number | undefined {
  const numbers = (words.match(/\d[\d,]*/g) ?? []).map((text) => Number(text.replaceAll(',', '')));
  const asked = numbers.filter((number) => number >= limit_tokens).sort((a, b) => a - b)[0];
  if (asked === undefined) return undefined;
  const there = Math.max(0, ...numbers.filter((number) => number < asked && number >= limit_tokens / 8));
  const room = asked === limit_tokens ? there * 0.75 : (there - (asked - limit_tokens)) * 0.9;
  return Math.max(LEAST_LIMIT, Math.floor(room >= LEAST_LIMIT ? room : limit_tokens / 4));
}

/** The call at a level: below `strict` the schema is said in words, before the task's own prompt. */
export function degrade(
  messages: readonly Message[],
  schema: AnswerSchema | undefined,
  level: Level,
): { messages: readonly Message[]; schema?: AnswerSchema } {
  if (!schema) return { messages };
  if (level === 'strict') return { messages, schema };
  const words = `Answer with one JSON value and nothing else. It must fit this JSON schema (${schema.name}): ${JSON.stringify(schema.schema)}`;
  const told: Message[] = [{ role: 'system', content: words }, ...messages];
  return level === 'json' ? { messages: told, schema: { name: schema.name, schema: {} } } : { messages: told };
}
