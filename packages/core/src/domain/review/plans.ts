import { asksForOrders, asksForPlan, asksForVoice, isFiller, namesPlan, sentencesIn } from './asks.ts';

/** Longer answers are never called a mere plan. */
const PLAN_MAX_CHARS = 1_200;
/** More of them are the plan that was asked for. */
const PUT_OFF_SENTENCES = 2;

const LEAD =
  '(?:(?:first|second|third|then|next|now|finally|lastly|after that|afterwards|after this|once done|sure|okay|ok|certainly|of course)[,!.]? ?)*';
const CLAUSE = '(?:(?:to|in order to|once|after|before|when|for|as soon as) [^,.!?]{3,100}, )?';
/** What an author says of the time to come. */
const FUTURE = new RegExp(
  String.raw`^${LEAD}${CLAUSE}${LEAD}(?:(?:i|we)(?:'ll| will| shall| am going to|'m going to|'re going to| are going to| plan to| am planning to|'m planning to| intend to| need to| have to| would|'d|'m about to| am about to)|let me|let us|let's|my (?:plan|approach|idea|intention) is to|the (?:plan|idea|approach) is to|here's what (?:i|we)(?:'m| am|'re| are) going to|what (?:i|we)(?:'ll| will) do is)\b`,
  'i',
);
/** Work that an author puts off; in a text that is itself the work, `I will` goes on differently. */
const WORK =
  '(?:do|write|read|look|gather|collect|outline|start|begin|take care|deliver|draft|create|analy[sz]e|review|research|prepare|provide|compose|produce|generate|check|examine|get back|get started|get to work|work on|complete|finish|handle|make|build|sort|polish|translate|rewrite|explain|describe|summari[sz]e|sum|list|identify|think|come up with|share|send|put|compare|investigate|study|design|implement|define|return|figure|organi[sz]e|conduct|consult|compile|proceed|let you know|notify you|inform you|update you|report back|come back|follow up)';
const WORKS = new RegExp(String.raw`^[^.!?\n]*?\b${WORK}\b`, 'i');
const ORDERS = new RegExp(String.raw`^(?:first|then|next|finally|and)?,? ?${WORK}\b[^.!?]{0,90}[.;]?$`, 'i');
/** Words behind which the work itself may stand: quotations, code, sums, and what a colon introduces. */
const CONTENT = /["“”`=()]|\d|:\s*\S/;

/** Work that is on its way, by its author's word. */
const UNDER_WAY: readonly RegExp[] = [
  /^(?:i'?m |i am |we'?re |we are )?(?:currently |now |still |already )?(?:working|starting|beginning|getting started) (?:on|with)\b/i,
  /^(?:the|your|this|my|a) [^.!?]{2,60}\b(?:will|shall) be (?:written|ready|done|finished|delivered|sent|provided|completed|prepared|available|there)\b/i,
  /^(?:the|your|this|my) [^.!?]{2,60}\bis (?:coming|on its way|in progress|being (?:written|prepared|made)|under way|underway)\b/i,
];
const WAIT = /^(?:please )?(?:wait|hold on|stand by|give me|bear with me|one moment|just a moment|stay tuned)\b/i;
/** The author's own plan under a heading of its own. */
const OWN_PLAN =
  /^(?:(?:sure|okay|ok|certainly|of course)[,!.]? ?)?(?:here(?:['’]s| is| are) )?(?:(?:my|our|the) (?:plan|approach|strategy|(?:next )?steps)\b|what (?:i|we)(?:['’]m| am|['’]re| are|['’]ll| will)\b|next steps\b)[^.:\n]{0,40}:[ \t]*(.*)$/i;

/**
 * True when every sentence of a short answer only says what its author is going to do. A task that asks for a plan gets one
 * by that; only the plan itself may not be put off.
 */
export function onlyPlans(answer: string, task = ''): boolean {
  const text = answer.trim();
  if (text === '' || text.length > PLAN_MAX_CHARS || text.includes('```')) return false;
  const sentences = sentencesIn(text).filter((sentence) => !isFiller(sentence));
  const putOff = sentences.length > 0 && sentences.every(isPutOff);
  if (asksForPlan(task)) return putOff && sentences.length <= PUT_OFF_SENTENCES && sentences.some(namesPlan);
  if (isOwnPlan(text)) return true;
  if (sentences.length === 0) return false;
  if (asksForVoice(task)) return putOff && (inOrder(sentences) || sentences.some((sentence) => namesItsWork(sentence, task)));
  if (sentences.every((sentence) => isPutOff(sentence) || WAIT.test(sentence))) return true;
  return (
    task !== '' && !asksForOrders(task) && sentences.length > 1 && isList(text) && sentences.every((one) => ORDERS.test(one))
  );
}

function isOwnPlan(text: string): boolean {
  const [heading = '', ...points] = text.split(/\n+/);
  const said = OWN_PLAN.exec(heading)?.[1];
  if (said === undefined) return false;
  return points.length === 0 ? said.length >= 10 : said === '' && isList(points.join('\n'));
}

function isPutOff(sentence: string): boolean {
  if (UNDER_WAY.some((pattern) => pattern.test(sentence))) return true;
  const future = FUTURE.exec(sentence);
  if (!future) return false;
  const rest = sentence.slice(future[0].length);
  return WORKS.test(rest) && !CONTENT.test(rest);
}

/** One thing after the other: so speaks who has not begun, and hardly a letter. */
const inOrder = (sentences: readonly string[]): boolean =>
  sentences.length > 1 && sentences.slice(1).some((sentence) => /^(?:and )?(?:then|next|after|finally|lastly)/i.test(sentence));

/** Where others may speak, an author is known by the work that it names: by a word of the task, or as `it`. */
function namesItsWork(sentence: string, task: string): boolean {
  const nouns = new Set(
    task
      .toLowerCase()
      .match(/\b[a-z]{3,}\b/g)
      ?.filter((word) => !COMMON.has(word)) ?? [],
  );
  const words: readonly string[] = sentence.toLowerCase().match(/\b[a-z]{3,}\b/g) ?? [];
  return words.some((word) => nouns.has(word)) || ITSELF.test(sentence);
}

const ITSELF = new RegExp(String.raw`\b${WORK}(?: of| on)? (?:it|this|that|the (?:text|task|work|piece|draft))\b`, 'i');
const COMMON = new Set([
  'the',
  'and',
  'for',
  'you',
  'your',
  'that',
  'this',
  'with',
  'write',
  'one',
  'asks',
  'who',
  'will',
  'about',
  'into',
  'from',
]);

/** Every line is a point of a list. */
const isList = (text: string): boolean => text.split(/\n+/).every((line) => /^\s*(?:\d+[.)]|[-*•]|step \d+)/i.test(line));
