/** How an answer can be seen to be no work at all, from its words alone. */

const LEAD_IN = /^[\s"'“”‘’*_>#`-]+/;
/** How much of an answer's beginning is read for a refusal. */
const HEAD_CHARS = 400;
/** Longer answers are never called a mere plan. */
const PLAN_MAX_CHARS = 1_200;

const REFUSALS: readonly RegExp[] = [
  /^(?:i['’]?m|i am|we['’]?re|we are)? ?(?:very |so |truly )?sorry\b[^.!?\n]{0,40}?\b(?:i|we)\b(?:['’]m| am|['’]re| are)? ?(?:can['’]?t|cannot|can not|unable|not able|won['’]?t|will not|couldn['’]?t|could not)\b/i,
  /^(?:i|we) (?:apologi[sz]e|regret)\b[^.!?\n]{0,40}?\b(?:i|we) (?:can['’]?t|cannot|can not|won['’]?t|am unable|are unable|am not able)\b/i,
  /^(?:unfortunately,? )?(?:i|we) (?:can['’]?t|cannot|can not|won['’]?t|will not) (?:help(?! but)|assist|comply|do (?:that|this)|provide|fulfil?l?|complete|continue|answer|create|write|generate|perform|access)\b/i,
  /^(?:unfortunately,? )?(?:i['’]m|i am|we['’]re|we are) (?:unable|not able|not allowed) to\b/i,
  /^as an ai\b[^.!?\n]{0,60}?\b(?:can['’]?t|cannot|can not|am unable|am not able|do not|don['’]?t)\b/i,
  /^i must decline\b/i,
];

/** The words of a refusal at the beginning of an answer, or undefined. A refusal quoted further down is no refusal. */
export function refusalIn(answer: string): string | undefined {
  const head = answer.slice(0, HEAD_CHARS).replace(LEAD_IN, '');
  for (const pattern of REFUSALS) {
    const found = pattern.exec(head);
    if (found) return found[0].trim();
  }
  return undefined;
}

const FUTURE =
  /^(?:(?:first|second|third|then|next|finally|after that|afterwards|sure|okay|ok|certainly|of course)[,!.]? ?)*(?:i|we)(?:['’]ll| will| am going to|['’]m going to| plan to| intend to| would)\b|^let me\b/i;

/** True when every sentence of a short answer only says what its author is going to do. */
export function onlyPlans(answer: string): boolean {
  const text = answer.trim();
  if (text === '' || text.length > PLAN_MAX_CHARS || text.includes('```')) return false;
  const sentences = text
    .split(/(?<=[.!?:])\s+|\n+/)
    .map((sentence) => sentence.replace(/^(?:\d+[.)]\s+|[\s*_>#`-]+)+/, '').trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
  return (
    sentences.length > 0 &&
    sentences.every((sentence) => FUTURE.test(sentence) || /^(?:sure|okay|ok|certainly|of course)[!.]?$/i.test(sentence))
  );
}

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
