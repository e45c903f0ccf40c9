/** What a task asks for, as far as the judging of words depends on it. */

/** Tasks whose answer is somebody's words: there the first person is not the author's own. */
const VOICES =
  /(?<![-\w])(?:story|tale|novel|poem|song|lyrics|haiku|vow|oath|promise|pledge|joke|speech|toast|monologue|dialog(?:ue)?|scene|script|letter|e-?mail|reply|tweet|diary|journal|(?:a|the|one|this|first|last) (?:\w+ )?(?:line|sentence)|quote|slogan|caption|testimonial|complaint|refusals?|apolog(?:y|ies)|excuses?|invitation|translate|rewrite|rephrase|politely)s?(?![-\w])/i;
/** These are a document ("release notes", "a commit message") unless somebody speaks to somebody in them. */
const MESSAGES =
  /(?<![-\w])(?:note|message|mail|post|response)s?(?![-\w])[^.!?\n]{0,60}?\b(?:to|from|saying|telling|asking|thanking|that|who|whom|in which|where)\b/i;

const PLAN =
  '(?:plan|steps?|approach|strategy|outline|proposal|schedule|timeline|itinerary|agenda|roadmap|procedure|routine|workflow|to-?do(?: list)?|checklist|list|recipe|instructions?|guide(?:lines?)?|manual|tutorial|advice|tips?|ways?|syllabus|curriculum)s?';
/** What a plan is made with; whoever sums one up or looks for one wants something else. */
const MAKE =
  '(?:make|write|draft|give|create|propose|prepare|develop|design|suggest|recommend|list|sketch|produce|compose|build|devise|define|set up|lay out|work out|come up with|put together|show|provide|tell me|i (?:need|want|would like)|we (?:need|want))';
/** The thing that is asked for is itself a plan: it ends the phrase that the request begins, and tells of no past. */
const PLAN_WANTED = new RegExp(
  String.raw`(?:^|[.!?:;,]\s+|\band\s+)(?:please\s+|(?:can|could|would|will) you (?:please )?)?${MAKE}\b(?:\s+(?!(?:about|of|on|from|against|that|which|how|why|what|for|in|after|before)\b)[\p{L}\p{N}'’-]+){0,6}?\s+${PLAN}(?![-\w])(?!\s+(?:(?:that\s+|which\s+)?(?:we|i|you|they|he|she|it|was|were|had|has|have)\b|(?:\p{L}+ed|taken|done|made)\b)|\s+(?!(?:for|to|of|on|in|that|which|with|by|and|or|from|after|before|when|if|how|about|until|as|over|at|against|towards?)\b)\p{L})`,
  'iu',
);
/** The request's own verb is to plan. */
const PLANS = /^\W*(?:please\s+)?(?:plan|outline|schedule|propose|sketch out|lay out)\s+\S/i;
const ASKED_HOW =
  /\bhow (?:would|should|will|could|might) (?:you|we|i|one)\b|\bwhat (?:would|should|will) (?:you|we|i) do\b|\bwhat (?:are|is) (?:the|your|my|our) (?:next |first )?(?:steps?|plan|approach|strategy)\b|\byour (?:plan|approach|strategy)\b/i;
const PLAN_NAMED = new RegExp(String.raw`\b${PLAN}\b`, 'i');
/** Tasks that want somebody told what to do: their answers are orders. */
const HOW_TO = /\bhow (?:to|do|does|can|could|should|would|might|i|you|we|one|not to)\b/i;

/** Tasks that want something done or looked at on a machine. */
const DEEDS =
  /^\W*(?:please\s+)?(?:check|run|re-?run|execute|test|verify|validate|build|compile|deploy|install|benchmark|measure|lint|debug|try|make sure|see (?:if|whether))\b/i;
/** Whoever writes a story, a letter or an example lets others speak. */
const FICTION =
  /(?<![-\w])(?:story|tale|poem|dialogue|dialog|scene|letter|e-?mail|mail|message|note|post|diary|journal|role-?play|example|sample|template|changelog|release notes|commit|resume|cv|cover letter|translate|rewrite|rephrase|summari[sz]e|paraphrase)(?![-\w])/i;
/** Tasks that want a refusal or an apology written; one that only has such a word in it is not among them. */
const REFUSAL =
  /\b(?:write|draft|compose|give|show|word|phrase|formulate|prepare|make|send)\b[^.?!()]{0,40}(?<![-\w])(?:refus\w*|declin\w*|apolog\w*|turns? down|says? no)(?![-\w])/i;
/** Questions, and orders that are as good as one: a single word or sign may be the whole answer. */
const QUESTION =
  /\?|^\W*(?:what|which|who|whose|when|where|why|how|is|are|was|were|do|does|did|can|could|will|would|should|has|have|give|answer|complete|evaluate|print|return|convert|calculate|compute)\b/i;

export const asksForVoice = (task: string): boolean => VOICES.test(task) || MESSAGES.test(task);
export const asksForRefusal = (task: string): boolean => REFUSAL.test(task);
export const asksForPlan = (task: string): boolean => [PLANS, PLAN_WANTED, ASKED_HOW].some((pattern) => pattern.test(task));
export const asksForOrders = (task: string): boolean => HOW_TO.test(task) || asksForPlan(task);
export const namesPlan = (sentence: string): boolean => PLAN_NAMED.test(sentence);
export const asksForDeed = (task: string): boolean => DEEDS.test(task);
export const asksForFiction = (task: string): boolean => FICTION.test(task);
export const isQuestion = (task: string): boolean => QUESTION.test(task);

/** The sentences of an answer, without the marks of lists and emphasis around them. */
export function sentencesIn(text: string): string[] {
  return text
    .replace(/[‘’]/g, "'")
    .replace(/^[ \t]*(?:\d+[.)]|[-*•])[ \t]+/gm, '')
    .replace(/\bstep \d+[:.)][ \t]+/gi, '')
    .split(/(?<=[.!?:])\s+|\n+/)
    .map((sentence) => sentence.replace(/^(?:\d+[.)]\s+|[\s*_>#`"“”-]+)+/, '').trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

const FILLER =
  /^(?:(?:sure|okay|ok|certainly|of course|absolutely|got it|understood|noted|alright|great|hello|hi|hmm+|well|no|no problem|great question|good question|thank you|thanks)\b[^.!?:\n]{0,40}[.!:]?|(?:(?:i'?m|i am) )?(?:so |very |really |truly )?sorry\b[^.!?\n]{0,60}[.!]|(?:my |our )?(?:sincere |deepest )?apologies\b[^.!?\n]{0,60}[.!]|i (?:do )?apologi[sz]e\b[^.!?\n]{0,60}[.!])$/i;

/** A sentence that says nothing by itself: a greeting, a yes, an apology. */
export const isFiller = (sentence: string): boolean => FILLER.test(sentence);
