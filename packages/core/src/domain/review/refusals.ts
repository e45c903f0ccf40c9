import { asksForRefusal, asksForVoice, isFiller, sentencesIn } from './asks.ts';

/** How much of an answer's beginning is read for a refusal. */
const HEAD_CHARS = 400;
/** Longer answers are judged by their beginning alone. */
const WHOLE_MAX_CHARS = 600;
const LEAD_IN = /^[\s"'“”‘’*_>#`-]+/;

/** A word of regret that stands before the refusal itself. */
const REGRET =
  /^(?:unfortunately|regrettably|sadly|however|sorry|(?:my |our )?(?:sincere |deepest )?apologies|hmm+|no|well|but|this time|i'?m afraid(?: that)?|i am afraid(?: that)?|(?:i'?m|i am) (?:so |very |really |truly )?sorry(?: dave)?|i (?:do )?apologi[sz]e|(?:i|we) regret(?: to say)?(?: that)?|nope)\b[,.!;:]*\s+/i;
const CANNOT = String.raw`(?:can'?t|cannot|can not|won'?t|will not|couldn'?t|could not|(?:was|were|are)n't (?:really )?(?:able|allowed|permitted)(?: to)?|(?:did not|didn't) manage to|failed to|(?:am|'m) going to (?:have to )?(?:decline|refuse|pass|turn)|'ll (?:have to )?(?:decline|pass)|(?:am|'m|are|'re|was|were) (?:really |just |simply |currently )?(?:not (?:able|allowed|permitted|comfortable|willing|going|equipped|qualified|authori[sz]ed|in a position)|unable)(?: to| with)?|(?:won'?t|will not) be able to|(?:do not|don't) (?:think|believe|feel) (?:that )?i (?:can|could|should)|lack the (?:ability|means|tools|access) to|(?:must|have to|need to|am going to have to|'m going to have to|will have to|shall)(?: respectfully| politely)? (?:decline|refuse|pass|turn)|(?:respectfully |politely )?(?:decline|refuse)\b|choose not to|prefer not to|would rather not|'d rather not)`;
/** What an author does for a task; a person in an answer cannot do other things. */
const ITS_WORK =
  '(?:help(?! but)|assist|comply|decline|refuse|pass|turn|do|be|being|provide|fulfil?l?|complet|finish|continu|answer|creat|writ|generat|produc|perform|prepar|draft|implement|compos|verif|check|run|build|list|show|share|find|locat|meet|handl|tak|tell|carry|execut|summari[sz]|explain|giv|offer|fetch|access|open|read|browse|deliver|draft|process|support|accept|respond|make|with|discuss|on |translate|describe|this|that|it)';

const STRONG: readonly RegExp[] = [
  new RegExp(
    String.raw`^(?:i|we)(?=[ '])\s?(?:really |just |simply |respectfully |politely )?${CANNOT}(?:[ ,]+(?:respectfully|politely|really|simply|to))*(?:\s*[.!]?$| ${ITS_WORK})`,
    'i',
  ),
  /^as an? (?:\w+ ){0,3}(?:ai|model|assistant)\b[^.!?\n]{0,60}?\b(?:can'?t|cannot|can not|unable|not (?:able|allowed|permitted)|do not|don't)\b/i,
  /^(?:i'?m|i am) (?:just|only) an? (?:\w+ ){0,3}(?:ai|model|assistant)\b/i,
  /^(?:i|we) (?:do not|don't) have (?:access|the ability|the tools|permission|enough information|the (?:information|means|data))/i,
  /^(?:this|that|it|such a thing)(?: request| task)?(?:'s| is| isn't| is not)(?: just| simply| really)? (?:not )?something (?:that )?(?:i|we)(?:'m|'re| am| are)? ?(?:can|can't|cannot|could|won't|will not|able|not able|unable|not comfortable|allowed|not allowed)/i,
  /^(?:this|that|your|the) (?:request|task|question)?\s?(?:is|falls|lies|goes) (?:outside|beyond|out of|against)\b[^.!?\n]{0,30}\b(?:i|my|our|we|me)\b/i,
  /^(?:this|that|it) is (?:beyond|outside) (?:of )?(?:my|our)\b/i,
  /^(?:it is|it's|it isn't|it's not|there is|there's) (?:not possible|impossible|no way) for (?:me|us)\b/i,
  /^(?:my|our) (?:guidelines|policy|policies|programming|rules|instructions|training|limits)\b[^.!?\n]{0,30}\b(?:prevent|prohibit|forbid|do not (?:allow|let|permit)|don't (?:allow|let|permit)|keep)\b/i,
  /^(?:request|task|access) (?:denied|refused|declined)[.!]?$/i,
  /\b(?:impossible|not possible|not feasible) for (?:me|us)\b/i,
  /\bnot something (?:that )?(?:i|we) (?:do|can|could|will|offer|handle)\b/i,
  /^(?:that|it|this)(?:'s| is) a no\b/i,
  /^(?:i|we) (?:was|were)(?: not|n't) (?:given|provided|supplied|sent)\b/i,
  /^(?:no )?can do[.!]?$/i,
  /^(?:can'?t|cannot|couldn'?t|won'?t) (?:do|help|assist|comply|write|answer)\b/i,
  /^(?:lo siento|je suis désolée?|désolée?|es tut mir leid|tut mir leid|mi dispiace|desculpe|sinto muito)[^.!?\n]{0,60}(?:no puedo|ne peux pas|ne suis pas en mesure|kann\b[^.!?\n]{0,60}\bnicht|non posso|não posso)\b/i,
];
/** What follows a refusal without being work: an offer, a wish, a reason. */
const AROUND =
  /^(?:please|feel free|let me know|if you|is there|can i|could you|would you|perhaps|maybe|instead|(?:i'?d|i would|i'?ll|i will|i am|i'?m) (?:be )?(?:happy|glad)|(?:you|i) (?:may|might|could) (?:want|try)|try (?:asking|another|again)|i hope|thanks|thank you|it (?:would|might|may|could) (?:violate|be)|(?:this|that|it) (?:violates|goes against|is (?:against|because|due)|would)|because)\b/i;

/**
 * The words of a refusal, or undefined: it stands at the beginning of an answer, or a short answer is nothing else. A
 * refusal quoted further down is no refusal, and what a letter refuses is its own affair.
 */
export function refusalIn(answer: string, task = ''): string | undefined {
  const head = answer.slice(0, HEAD_CHARS).replace(/[‘’]/g, "'").replace(LEAD_IN, '');
  const sentences = sentencesIn(head);
  const first = sentences.find((sentence) => !isFiller(sentence));
  const refusal = first === undefined ? undefined : refusalOf(first, task);
  if (refusal !== undefined) return refusal;
  if (answer.length > WHOLE_MAX_CHARS) return undefined;
  const found = sentencesIn(answer).map((sentence) => ({ sentence, refusal: refusalOf(sentence, task) }));
  const only = found.every(({ sentence, refusal: one }) => one !== undefined || isFiller(sentence) || AROUND.test(sentence));
  return only ? found.find((one) => one.refusal !== undefined)?.refusal : undefined;
}

function refusalOf(said: string, task: string): string | undefined {
  const sentence = withoutRegret(said);
  if (/,? but (?!(?:i|we|that|this|it)\b)[^.!?]{12,}/i.test(sentence)) return undefined;
  for (const pattern of STRONG) {
    const found = pattern.exec(sentence);
    if (found && isItsOwn(sentence, task)) return found[0].trim();
  }
  return undefined;
}

function withoutRegret(sentence: string): string {
  let rest = sentence;
  while (REGRET.test(rest)) rest = rest.replace(REGRET, '');
  return rest;
}

/** Whether the author speaks of the task, and not somebody in whose voice it was asked to speak. */
function isItsOwn(sentence: string, task: string): boolean {
  if (asksForRefusal(task)) return /\b(?:this|your) (?:task|request)\b|\blanguage model\b/i.test(sentence);
  if (/\b(?:can'?t|cannot|can not|unable|not able)\b/i.test(task)) return OF_THE_TASK.test(sentence);
  return !asksForVoice(task) || OF_THE_TASK.test(sentence);
}

/** What a refusal of the task itself names, and a letter that declines something else does not. */
const OF_THE_TASK =
  /\b(?:help|assist|comply|decline|task|request|(?:do|write) (?:this|that|it|such)|fulfil?l?|create|generate|complete|language model)\b/i;
