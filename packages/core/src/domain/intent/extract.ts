import { type Sentence, sentencesOf } from '../words/index.ts';
import { antiGoalsIn } from './negation.ts';
import type { Intent } from './types.ts';

const GOAL_CHARS = 200;

const LEAD_IN =
  /^(?:(?:hi|hello|hey|ok|okay|so|well|now|first|firstly|also|and|but)\b[,!]?\s+)*(?:please\b,?\s*)?(?:(?:can|could|would|will) you\b(?: please)?\s+|i(?:'d| would)? (?:want|need|like) (?:you )?to\s+|let(?:'s| us)\s+|lets\s+|help me(?: to)?\s+)?(?:please\b,?\s*)?/i;

const ACTION =
  /\b(?:create|build|implement|add|fix|update|refactor|modify|change|make|generate|write|list|explain|summari[sz]e|translate|describe|compare|design|draft|find|compute|calculate|convert|count|sort|remove|delete|extract|read|plan|review|test|prepare|give|show|tell|answer|analy[sz]e|improve|rewrite|rename|move|install|configure|document|propose|name|say|collect|check|verify|suggest|draw|compose|outline|run|send|publish|deploy|migrate|replace|reverse|format|parse|encode|decode|merge|split|print)\b/i;

const CONSTRAINT =
  /\b(?:must|mustn't|shall|never|always|only|require[sd]?|needs? to be|has to|have to|it is (?:important|critical|essential|mandatory)|important|critical|essential|mandatory|do not|don't|don’t|should not|shouldn't|may not|cannot|at most|at least|no more than|no fewer than|no less than|not more than|fewer than|exactly|maximum(?: of)?|minimum(?: of)?|without|avoid|exclude|excluding|leave out|ensure|make sure)\b|^(?:no|keep|limit|use|answer|respond|reply|include|mention)\b|^(?:start|begin|end|finish)\b.{0,30} with\b|\bin (?:valid )?json\b|\b(?:or|and) (?:less|fewer)\b/i;

const PREFERENCE =
  /\b(?:prefer(?:red|ably|s)?|if possible|where possible|when possible|ideally|would be (?:nice|good|great)|nice to have|optionally|bonus)\b|\bi(?:'d| would) (?:rather|love)\b/i;

const CLARIFICATION =
  /^(?:to (?:clarify|be clear|be precise)|for clarity|in other words|that is to say|what i mean is|by .{1,60}\bi mean\b|note(?: that)?[ :,]|nb:|clarification:)/i;

/** A question about the world; what it says about "not" or "only" asks for nothing. */
const OPEN_QUESTION =
  /^(?:why|how|what|when|where|who|whom|whose|which|is|are|was|were|does|do (?!not\b)|did|should|has|have)\b/i;

/** Says that nothing is named to work on. */
const VAGUE =
  /^(?:(?:please|do|make|fix|improve|change|update|handle|finish|continue|clean|sort|work|take|care|go|on|up|of|out|with|it|this|that|them|these|those|the|thing|things|stuff|something|everything|all|better|good|nice|again|same|as|before|usual|a|bit|more|for|me|now|and)\b[\s.,!?]*)+$/i;

/**
 * What a text asks for, read word by word: "notification" forbids nothing, a quoted "never" commands nothing, and a dot in a
 * file name ends no sentence. The words of every list are the person's own.
 */
export function extractIntent(text: string): Intent {
  const sentences = sentencesOf(text);
  const constraints = unique(sentences.filter(isConstraint).map((sentence) => withoutLeadIn(sentence.text)));
  const goal = goalOf(text, sentences);
  return {
    goal,
    constraints,
    preferences: unique(sentences.filter((sentence) => PREFERENCE.test(sentence.masked)).map(({ text: words }) => tidy(words))),
    anti_goals: unique(sentences.filter((sentence) => !asksAboutTheWorld(sentence)).flatMap(antiGoalsIn)),
    clarifications: unique(
      sentences.filter((sentence) => CLARIFICATION.test(sentence.masked)).map(({ text: words }) => tidy(words)),
    ),
    original_text: text,
    confidence: confidenceOf(text, goal, constraints.length),
  };
}

/** A sentence without its polite beginning and its final dot; the words between stay as they are. */
function withoutLeadIn(sentence: string): string {
  const rest = sentence.slice(LEAD_IN.exec(sentence)?.[0].length ?? 0);
  return tidy(rest === '' ? sentence : rest);
}

const tidy = (sentence: string): string => sentence.trim().replace(/(?<!\.)[.!]+$/, '');

function isConstraint(sentence: Sentence): boolean {
  if (asksAboutTheWorld(sentence) || PREFERENCE.test(sentence.masked)) return false;
  return CONSTRAINT.test(sentence.masked.slice(LEAD_IN.exec(sentence.masked)?.[0].length ?? 0));
}

function asksAboutTheWorld({ masked }: Sentence): boolean {
  return masked.endsWith('?') && OPEN_QUESTION.test(masked);
}

function goalOf(text: string, sentences: readonly Sentence[]): string {
  const wanted = sentences.filter((sentence) => !onlyForbids(sentence) && !CLARIFICATION.test(sentence.masked));
  const found = wanted.find((sentence) => ACTION.test(sentence.masked)) ?? wanted[0] ?? sentences[0];
  const goal = found ? withoutLeadIn(found.text) : text.trim();
  if (goal === '') return 'Unknown goal';
  return goal.length > GOAL_CHARS ? `${goal.slice(0, GOAL_CHARS - 1).trimEnd()}…` : goal;
}

const onlyForbids = ({ masked }: Sentence): boolean =>
  /^(?:please\s+)?(?:do not|don['’]t|never|avoid|no|skip|exclude|ignore|leave out|without)\b/i.test(masked);

function confidenceOf(text: string, goal: string, constraints: number): number {
  if (!/[\p{L}\p{N}]/u.test(text) || VAGUE.test(goal)) return 0.3;
  const tenths = 5 + (goal.length > 10 ? 2 : 0) + Math.min(3, constraints) + (text.length > 50 && text.length < 500 ? 1 : 0);
  return Math.min(10, tenths) / 10;
}

function unique(lines: readonly string[]): string[] {
  const seen = new Set<string>();
  return lines.filter((line) => {
    const key = line.toLowerCase();
    if (line === '' || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
