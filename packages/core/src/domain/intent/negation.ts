import type { Sentence } from '../words/index.ts';

/** Words that stand before "don't" when it tells how things are, and not what to leave undone. */
const CLAUSE_START = String.raw`(?:^|[,;:(—–]\s*|\b(?:and|but|please|also|so|then|or|you|must|should|shall|to)\s+)`;

const PROHIBITIONS: readonly RegExp[] = [
  new RegExp(
    `${CLAUSE_START}(?:do not|don['’]t|never|avoid|skip|exclude|leave out|omit|ignore)\\s+(?!only\\b|forget\\b|hesitate\\b|worry\\b)`,
    'gi',
  ),
  /\b(?:must|should|shall|may|can)(?: not|n['’]t)\s+|\b(?:cannot|must never|should never|shall never)\s+/gi,
  /\b(?:there is )?no need (?:to|for)\s+/gi,
  /(?<!\bwith or )\bwithout\s+/gi,
  /\b(?:excluding|avoiding|omitting|leaving out)\s+/gi,
  /(?:,\s*|\s)but (?:not|no)\s+/gi,
];

/** A subject right before the prohibition makes it a statement: "users don't see it", "the file does not exist". */
const STATEMENT = /\b(?:i|we|they|users?|people|it|which|who|that|if you|when you|in case you)\s+$/i;
const NEGATION_BEFORE = /\b(?:not|never|no|don['’]t|cannot|can['’]t|won['’]t|doesn['’]t|isn['’]t)\b[^,;.]*$/i;
/** Where a forbidden thing ends: the next clause. */
const CLAUSE_END =
  /[,;](?=\s)|\s[—–-]\s|[()]|\b(?:but|instead|unless|because|so that|and (?=(?:then|also|please|instead|make|use|keep|add|write|do|don['’]t|never)\b))|\.$|[!?]+$/i;

/** What a sentence says shall not be done or not be there: the words after its "do not", "never", "without" and the like. */
export function antiGoalsIn(sentence: Sentence): string[] {
  const found: { at: number; text: string }[] = [];
  for (const pattern of PROHIBITIONS) {
    for (const match of sentence.masked.matchAll(pattern)) {
      const before = sentence.masked.slice(0, match.index + leading(match[0]));
      const doubled = /^(?:without|but)/i.test(match[0].trim()) && NEGATION_BEFORE.test(before);
      if (STATEMENT.test(before) || doubled) continue;
      const from = match.index + match[0].length;
      const text = clauseFrom(sentence, from);
      if (text !== '') found.push({ at: from, text });
    }
  }
  return found
    .sort((a, b) => a.at - b.at)
    .filter((goal, index, all) => all.findIndex((other) => other.at === goal.at) === index)
    .map(({ text }) => text);
}

/** Length of the part of a match before its prohibiting word: a comma, "and", "please". */
const leading = (match: string): number =>
  match.search(
    /(?:do not|don['’]t|never|avoid|skip|exclude|leave out|omit|ignore|must|should|shall|may|can|no need|there|without|excluding|avoiding|omitting|leaving|but)\b/i,
  );

function clauseFrom(sentence: Sentence, from: number): string {
  const rest = sentence.masked.slice(from);
  const end = CLAUSE_END.exec(rest)?.index ?? rest.length;
  return sentence.text
    .slice(from, from + end)
    .trim()
    .replace(/[.!?]+$/, '');
}
