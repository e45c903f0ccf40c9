/** How an answer can be seen to be no work at all, from its words alone. */

const LEAD_IN = /^[\s"'“”‘’*_>#`-]+/;
/** An apology, or a word of filler, that stands as a sentence before the refusal itself. */
const EXCUSE =
  /^(?:(?:i['’]?m |i am |we['’]?re |we are )?(?:so |very |really |truly )?sorry\b|(?:my |our )?(?:sincere |deepest )?apologies\b|(?:i|we) apologi[sz]e\b)[^.!?\n]{0,60}[.!?]\s+/i;
/** How much of an answer's beginning is read for a refusal. */
const HEAD_CHARS = 400;
/** Longer answers are never called a mere plan. */
const PLAN_MAX_CHARS = 1_200;

const REFUSALS: readonly RegExp[] = [
  /^(?:i['’]?m|i am|we['’]?re|we are)? ?(?:very |so |truly |really )?sorry\b[^.!?\n]{0,40}?\b(?:i|we)\b(?:['’]m| am|['’]re| are)? ?(?:can['’]?t|cannot|can not|unable|not able|won['’]?t|will not|couldn['’]?t|could not)\b/i,
  /^(?:i|we) (?:apologi[sz]e|regret)\b[^.!?\n]{0,40}?\b(?:i|we) (?:can['’]?t|cannot|can not|won['’]?t|am unable|are unable|am not able)\b/i,
  /^(?:unfortunately,? )?(?:i|we) (?:can['’]?t|cannot|can not|won['’]?t|will not) (?:help(?! but)|assist|comply|do (?:that|this)|provide|fulfil?l?|complete|continue|answer|create|write|generate|perform|access)\b/i,
  /^(?:unfortunately,? )?(?:i['’]m|i am|we['’]re|we are) (?:unable|not able|not allowed) to\b/i,
  /^as an ai\b[^.!?\n]{0,60}?\b(?:can['’]?t|cannot|can not|am unable|am not able|do not|don['’]?t)\b/i,
  /^i must decline\b/i,
  /^i['’]?(?:m| am) afraid (?:that )?(?:i|we) (?:can['’]?t|cannot|can not)\b/i,
  /^(?:unfortunately,? )?(?:i|we) (?:won['’]?t|will not) be able to\b/i,
  /^(?:unfortunately,? )?(?:i|we) (?:do not|don['’]?t) have (?:access|the ability|the tools|permission)\b/i,
];

/** The words of a refusal at the beginning of an answer, or undefined. A refusal quoted further down is no refusal. */
export function refusalIn(answer: string, task = ''): string | undefined {
  const head = answer.slice(0, HEAD_CHARS).replace(LEAD_IN, '');
  for (const beginning of [head, head.replace(EXCUSE, '')])
    for (const pattern of REFUSALS) {
      const found = pattern.exec(beginning);
      if (found && (!VOICES.test(task) || ITS_WORK.test(beginning))) return found[0].trim();
    }
  return undefined;
}

/** True when nothing is left of an answer without white space, invisible characters, quotation marks and empty fences. */
export function isHollow(answer: string): boolean {
  return answer.replace(/```[\w-]*\s*```/g, '').replace(/[\s\p{Cf}"'“”‘’`]+/gu, '') === '';
}

const FUTURE =
  /^(?:(?:first|second|third|then|next|finally|after that|afterwards|sure|okay|ok|certainly|of course)[,!.]? ?)*(?:i|we)(?:['’]ll| will| am going to|['’]m going to| plan to| intend to| would)\b|^let me\b/i;

/** Work that an author puts off; in a text that is itself the work, `I will` goes on differently. */
const WORK =
  /^[^.!?\n]*?\b(?:do|write|read|look|gather|collect|outline|start|begin|take care|deliver|draft|create|analy[sz]e|review|research|prepare|provide|compose|produce|generate|check|examine|get back|work on|complete|finish|handle|make|build|sort|polish|translate|rewrite|explain|describe|summari[sz]e|list|identify)\b/i;
/** Tasks whose answer is somebody's words: there the first person is not the author's own. */
const VOICES =
  /\b(?:story|tale|novel|poem|song|lyrics|haiku|vow|oath|promise|pledge|joke|speech|toast|monologue|dialog(?:ue)?|scene|letter|e-?mail|message|reply|diary|sentence|line|quote|slogan|translate|rewrite|rephrase)s?\b/i;
/** What a refusal of the task itself names, and a letter that declines something else does not. */
const ITS_WORK =
  /^[^.!?\n]*\b(?:help|assist|comply|decline|task|request|(?:do|write) (?:this|that|it|such)|fulfil?l?|create|generate|complete)\b/i;
/** The author's own plan under a heading, and the tasks that ask for one. */
const OWN_PLAN =
  /^(?:(?:sure|okay|ok|certainly|of course)[,!.]? ?)?(?:here(?:['’]s| is| are) )?(?:my|our) (?:plan|approach|strategy|(?:next )?steps)\b[^.:\n]{0,40}:[ \t]*\n+(?:[ \t]*(?:\d+[.)]|[-*•]) [^\n]{1,120}(?:\n+|$))+$/i;
const ASKS_PLAN = /\b(?:plan|steps?|approach|strategy|outline|schedule|itinerary|agenda|roadmap|procedure|how)\b/i;

const PLACEHOLDER = /^(?:n\/?a|todo|tbd|placeholder|working on it|in progress|\.{2,}|…)[.!…\s]*$/i;

/** True when an answer only keeps the place of one; what the task itself names is an answer. */
export const isPlaceholder = (answer: string, task = ''): boolean =>
  PLACEHOLDER.test(answer.trim()) && !task.toLowerCase().includes(answer.trim().toLowerCase());

/** True when every sentence of a short answer only says what its author is going to do. */
export function onlyPlans(answer: string, task = ''): boolean {
  const text = answer.trim();
  if (text === '' || text.length > PLAN_MAX_CHARS || text.includes('```')) return false;
  if (OWN_PLAN.test(text) && !ASKS_PLAN.test(task)) return true;
  const sentences = text
    .replace(/^[ \t]*(?:\d+[.)]|[-*•])[ \t]+/gm, '')
    .replace(/\bstep \d+[:.)][ \t]+/gi, '')
    .split(/(?<=[.!?:])\s+|\n+/)
    .map((sentence) => sentence.replace(/^(?:\d+[.)]\s+|[\s*_>#`-]+)+/, '').trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
  return (
    sentences.length > 0 &&
    sentences.every(
      (sentence) => isPutOff(sentence, VOICES.test(task)) || /^(?:sure|okay|ok|certainly|of course)[!.]?$/i.test(sentence),
    )
  );
}

function isPutOff(sentence: string, voices: boolean): boolean {
  const future = FUTURE.exec(sentence);
  return future !== null && (!voices || WORK.test(sentence.slice(future[0].length)));
}

/** A text without the differences that make no other answer of it: letter case, white space, forms of one character. */
export const sameWords = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();

/** JSON that an answer consists of, alone or in one code fence; `found: false` when it is neither. */
export function jsonIn(answer: string): { readonly found: true; readonly value: unknown } | { readonly found: false } {
  const text = answer.trim();
  const fence = /^```(?:json)?[ \t]*\r?\n([\s\S]*?)\r?\n?```$/i.exec(text);
  for (const candidate of [text, fence?.[1]]) {
    if (candidate === undefined) continue;
    const value = parsed(candidate);
    if (value !== undefined) return { found: true, value };
  }
  return { found: false };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
