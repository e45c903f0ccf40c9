/** What a task asks for, as far as the judging of words depends on it. */

/** Tasks whose answer is somebody's words: there the first person is not the author's own. */
const VOICES =
  /(?<![-\w])(?:story|tale|novel|poem|song|lyrics|haiku|vow|oath|promise|pledge|joke|speech|toast|monologue|dialog(?:ue)?|scene|script|letter|e-?mail|mail|message|reply|response|note|post|tweet|diary|journal|(?:a|the|one|this|first|last) (?:\w+ )?(?:line|sentence)|quote|slogan|caption|testimonial|complaint|refusals?|apolog(?:y|ies)|excuses?|invitation|translate|rewrite|rephrase|politely)s?(?![-\w])/i;
const PLANS =
  /(?<![-\w])(?:plan|steps?|approach|strategy|outline|schedule|itinerary|agenda|roadmap|procedure|process|routine|workflow|how|to-?do|checklist|list|recipe|instructions?|guide(?:lines?)?|manual|tutorial|advice|tips?|ways?|syllabus|curriculum)(?![-\w])/i;
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

export const asksForVoice = (task: string): boolean => VOICES.test(task);
export const asksForRefusal = (task: string): boolean => REFUSAL.test(task);
export const asksForPlan = (task: string): boolean => PLANS.test(task);
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
