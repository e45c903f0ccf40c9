import { isObject } from '../reply/fields.ts';

/** What a provider's refusal says, as words for people and as a time to come back. Pure. */

const MOST_CHARS = 240;

/** The body of a refusal: its own words, the codes beside them, and whether it is a page instead of an API's answer. */
export interface Said {
  readonly words: string;
  /** Machine-readable words beside the message: `code`, `type`, `status`, `param`. */
  readonly codes: string;
  readonly kind: 'json' | 'page' | 'text' | 'nothing';
}

/** Read the body of a refusal. JSON is searched for its message, a page for its title. */
export function saidIn(body: string): Said {
  const text = body.trim();
  if (text === '') return { words: '', codes: '', kind: 'nothing' };
  const json = parsed(text);
  if (json !== undefined) return { words: plain(messageIn(json, 0) ?? ''), codes: codesIn(json, 0), kind: 'json' };
  if (!/^<(?:!|\?xml|[a-z]+[\s>])/i.test(text)) return { words: plain(text), codes: '', kind: 'text' };
  const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1] ?? '';
  return { words: plain(title), codes: '', kind: 'page' };
}

/** The first text under a key that holds words for people, at most a few levels deep. */
function messageIn(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return depth < 4 ? messageIn(value[0], depth + 1) : undefined;
  if (!isObject(value) || depth > 4) return undefined;
  for (const key of ['message', 'error', 'detail', 'msg', 'title', 'reason', 'error_description', 'errors']) {
    const found = value[key] === undefined ? undefined : messageIn(value[key], depth + 1);
    if (found !== undefined && found.trim() !== '') return found;
  }
  return undefined;
}

function codesIn(value: unknown, depth: number): string {
  if (Array.isArray(value)) return depth < 4 ? codesIn(value[0], depth + 1) : '';
  if (!isObject(value) || depth > 4) return '';
  const own = ['code', 'type', 'status', 'param'].map((key) => value[key]).filter((code) => typeof code === 'string');
  return [...own, ...['error', 'detail', 'errors'].map((key) => codesIn(value[key], depth + 1))].filter(Boolean).join(' ');
}

/** One line without control characters, cut where it gets long. */
function plain(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length > MOST_CHARS ? `${line.slice(0, MOST_CHARS - 1)}…` : line;
}

const UNIT_MS: readonly (readonly [RegExp, number])[] = [
  [/^(?:ms|msecs?|milliseconds?)$/i, 1],
  [/^(?:s|secs?|seconds?)$/i, 1_000],
  [/^(?:m|mins?|minutes?)$/i, 60_000],
  [/^(?:h|hrs?|hours?)$/i, 3_600_000],
  [/^(?:d|days?)$/i, 86_400_000],
];
const AMOUNT = /(\d+(?:\.\d+)?)\s*([a-z]+)(?![a-z])/gi;
/** A refusal names many lengths of time; one to wait stands behind a word that says so. */
const WAIT = /(?:again|retry(?:ing)?|wait(?:ing)?|resets?|back ?off|available|come back)\b[^.;]{0,24}?(?<![\w.-])(?=\d)/gi;
/** Words are read less surely than headers, so no wait in them is believed beyond this. */
const LONGEST_IN_WORDS_MS = 600_000;
const DURATION =
  /^(?:\d+(?:\.\d+)?\s*(?:ms|msecs?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)(?![a-z_-])[\s,]*(?:and\s+)?)+/i;

/** The length of time that a text says to wait, e.g. `try again in 7m30.5s` or `retry after 2 minutes`, in milliseconds. */
export function waitIn(text: string): number | undefined {
  const waits = [...text.matchAll(WAIT)].map(({ index, 0: before }) => durationIn(text.slice(index + before.length)));
  const wait = waits.findLast((ms) => ms !== undefined);
  return wait === undefined ? undefined : Math.min(wait, LONGEST_IN_WORDS_MS);
}

/** The length of time with which a text begins, in milliseconds. */
function durationIn(text: string): number | undefined {
  const found = DURATION.exec(text)?.[0];
  if (found === undefined) return undefined;
  let ms = 0;
  for (const [, amount, unit = ''] of found.matchAll(AMOUNT))
    ms += Number(amount) * (UNIT_MS.find(([name]) => name.test(unit))?.[1] ?? 0);
  return ms > 0 ? ms : undefined;
}

/**
 * When a refusal says to come back, in milliseconds from now: headers first (`retry-after` as seconds, a date or a
 * duration, and the resets of rate limits where nothing else names a time), then its words.
 */
export function comeBackMs(read: (name: string) => string | null | undefined, words: string, now: number): number | undefined {
  const exact = Number(read('retry-after-ms') ?? Number.NaN);
  if (exact > 0 && Number.isFinite(exact)) return exact;
  const header = read('retry-after');
  return (header ? timeIn(header, now) : undefined) ?? waitIn(words);
}

function timeIn(text: string, now: number): number | undefined {
  const seconds = Number(text);
  const wait = Number.isFinite(seconds) ? seconds * 1_000 : (durationIn(text) ?? Date.parse(text) - now);
  return Number.isFinite(wait) && wait > 0 ? wait : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
