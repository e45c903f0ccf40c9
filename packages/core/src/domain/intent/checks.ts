import { masked, withoutQuotes, wordsOf } from '../words/index.ts';
import { FEATURES, type Feature } from './features.ts';
import { type Language, languageNamed } from './languages.ts';
import { type Limit, limitsIn } from './limits.ts';

/** Something a sentence asks for that an output's words alone can break, without any judgement. */
export type Check =
  | { readonly kind: 'mention' | 'present' | 'contains' | 'starts' | 'ends'; readonly phrase: string }
  | { readonly kind: 'feature'; readonly feature: Feature }
  | { readonly kind: 'limit'; readonly limit: Limit }
  | { readonly kind: 'language'; readonly language: Language }
  | { readonly kind: 'json' | 'lowercase' | 'uppercase' };

const NOT = `(?:do not|don['’]t|never|must not|mustn['’]t|should not|shouldn['’]t|may not|cannot|can['’]t|without|avoid|nor)`;
const MENTION = new RegExp(
  `\\b${NOT}\\s+(?:ever\\s+|even\\s+|directly\\s+)?(?:mention(?:ing)?|say(?:ing)?|talk(?:ing)? about|speak(?:ing)? (?:of|about)|refer(?:ring)? to|(?:us(?:e|ing)|writ(?:e|ing)|includ(?:e|ing)|contain(?:ing)?|repeat(?:ing)?) (?=the (?:word|phrase|term|name|expression)s?\\b|["“'‘«]))\\s*(.+)$`,
  'i',
);
const WORD_FORBIDDEN = /\b(?:without|avoid|exclude|no|not)\s+(the (?:word|phrase|term)s?\s.+|["“«].+)$/i;
const USE = new RegExp(
  `(?:\\b${NOT}|\\b(?:excluding|exclude|leave out|leaving out|omit|omitting|but (?:not|no))|(?:^|[,;:(]\\s*|\\b(?:and|with|use|add|please)\\s+)no)\\s+(?:us(?:e|ing)|includ(?:e|ing)|add(?:ing)?|contain(?:ing)?|put(?:ting)?|have|having|writ(?:e|ing))?\\s*(.+)$`,
  'i',
);
/** Limits the force of a prohibition to a case or a place that the output does not show. */
const CONDITIONAL =
  /\b(?:unless|if|except|until|when|whenever|where|while|not only|instead of|rather than|more than|too (?:much|many)|in the (?:title|subject|intro\w*|first|last|conclusion|headline|summary|body))\b/i;
/** Work on code or files: what the answer's prose names says little about what was built. */
const ABOUT_CODE =
  /\b(?:code|function|script|class|method|program|module|package|library|librar(?:y|ies)|api|endpoint|server|database|schema|parser|component|app|application|test|tests|query|command|config|dependenc(?:y|ies)|repository|implement|refactor|build|install|deploy)\b/i;
/** Nouns too general for their mere mention to break anything. */
const GENERAL = new Set(
  `code test tests comment comments error errors detail details example examples explanation explanations introduction conclusion preamble jargon
  change changes text words word anything everything something nothing more else formatting duplicates repetition repetitions adjective adjectives adverb
  adverbs verb verbs rhyme rhymes help permission delay exception exceptions bugs data information value values assumption assumptions opinion
  opinions source sources citation citations quotes names context doubt problem problems issue issues time money cost costs plan answer answers question
  questions reason reasons title titles it them this that these those him her me us you exaggeration irony humor humour clichés cliches slang spoilers
  spoiler sugarcoating fluff filler abbreviations acronyms metaphors metaphor dialogue dialog violence line lines sentence sentences paragraph
  paragraphs list lists character characters space spaces letter letters people person thing things part parts one ones loss waiting asking technical
  terms term being limit limits fail stopping style tone sentiment`.split(/\s+/),
);

/** The decidable parts of one sentence. What cannot be decided surely gives no check. */
export function checksOf(sentence: string): Check[] {
  const mask = masked(sentence);
  const aboutCode = ABOUT_CODE.test(mask);
  const checks: Check[] = [];
  if (!CONDITIONAL.test(mask)) checks.push(...forbiddenIn(sentence, mask, aboutCode));
  checks.push(...limitsIn(mask, aboutCode).map((limit): Check => ({ kind: 'limit', limit })));
  if (!CONDITIONAL.test(mask) && !/\b(?:or|either)\b/i.test(mask)) checks.push(...requiredIn(sentence, mask, aboutCode));
  return checks;
}

function forbiddenIn(sentence: string, mask: string, aboutCode: boolean): Check[] {
  const mention = MENTION.exec(sentence) ?? WORD_FORBIDDEN.exec(sentence);
  if (mention?.[1] !== undefined && !negatedTwice(mask))
    return phrasesIn(mention[1]).map((phrase) => ({ kind: 'mention', phrase }));
  const use = USE.exec(sentence);
  if (use?.[1] === undefined || negatedTwice(mask)) return [];
  const checks: Check[] = [];
  for (const object of objectsIn(use[1])) {
    const feature = FEATURES.find(({ named }) => named.test(object));
    if (feature) checks.push({ kind: 'feature', feature: feature.feature });
    else if (!aboutCode && isThing(object)) checks.push({ kind: 'present', phrase: object });
  }
  return checks;
}

const negatedTwice = (mask: string): boolean =>
  /\b(?:do not|don['’]t|never|cannot|must not)\b[^,;]*\b(?:without|avoid|forget|omit|leave out|exclude|skip)\b/i.test(mask);

function requiredIn(sentence: string, mask: string, aboutCode: boolean): Check[] {
  const checks: Check[] = [];
  if (
    /^(?:please\s+)?(?:(?:answer|respond|reply|output|give|return)\b[^,;]{0,40}\b(?:in|as|with)|(?:output|answer|reply|response)\s+(?:must|should) be)\s+(?:only\s+)?(?:a\s+|an\s+)?(?:valid\s+|strict\s+|plain\s+)?json(?:\s+(?:object|array|only|format))?[.!]?$/i.test(
      mask,
    )
  )
    checks.push({ kind: 'json' });
  const language =
    /^(?:please\s+)?(?:answer|respond|reply|write(?: (?:it|everything|the answer|your answer|the text))?)\s+(?:only\s+)?in\s+([a-z]+)(?:\s+only)?[.!]?$/i.exec(
      mask,
    )?.[1];
  const known = language === undefined ? undefined : languageNamed(language);
  if (known) checks.push({ kind: 'language', language: known });
  const letters =
    /^(?:please\s+)?(?:answer|respond|reply|write|use)\b.{0,30}?\b(?:only |all )?(?:in )?(?:only |all )?(lower|upper)[ -]?case(?: letters)?(?: only)?[.!]?$/i.exec(
      mask,
    )?.[1];
  if (letters) checks.push({ kind: letters.toLowerCase() === 'lower' ? 'lowercase' : 'uppercase' });
  const edge =
    /\b(start|begin|end|finish)(?:s|ing)?(?: (?:it|the answer|your answer|the text|every answer))? with (?=the (?:word|phrase)s?\s|["“'‘«])(.+)$/i.exec(
      sentence,
    );
  if (edge?.[1] !== undefined && edge[2] !== undefined && !aboutCode) {
    const [phrase] = phrasesIn(edge[2]);
    if (phrase !== undefined) checks.push({ kind: /start|begin/i.test(edge[1]) ? 'starts' : 'ends', phrase });
  }
  const contain =
    /(?:\b(?:must|should|has to|have to|needs? to)(?: also)?|^(?:please )?(?:also )?|\b(?:and|also|please)|\b(?:that|which))\s*(?:contains?|includes?|mentions?|uses?) (?=the (?:exact )?(?:words?|phrase|term|sentence|name)\s|["“«])(.+)$/i.exec(
      sentence,
    );
  if (contain?.[1] !== undefined && !aboutCode && !/\b(?:not|never|file|page|column|field)\b/i.test(mask)) {
    checks.push(...phrasesIn(contain[1]).map((phrase): Check => ({ kind: 'contains', phrase })));
  }
  const proper =
    /\b(?:must|has to|needs to) (?:also )?mention ((?:\p{Lu}[\p{L}\p{N}-]+)(?: \p{Lu}[\p{L}\p{N}-]+){0,2})[.!]?$/u.exec(
      sentence,
    )?.[1];
  if (proper !== undefined && !aboutCode) checks.push({ kind: 'contains', phrase: proper });
  return checks;
}

/** The words meant by an object such as `the words "sea" and "sand"`, `the weather`, `cats or dogs`. */
function phrasesIn(object: string): string[] {
  const quoted = [...object.matchAll(/["“„«]([^"“”„«»]+)["”“»]|(?<![\p{L}\p{N}])['‘]([^'’]+)['’](?![\p{L}\p{N}])/gu)];
  if (quoted.length > 0)
    return quoted.flatMap((match) => match[1] ?? match[2] ?? []).map((phrase) => phrase.replace(/[.,!?;:]+$/, ''));
  return objectsIn(object.replace(/^the (?:exact )?(?:word|phrase|term|name|expression|sentence)s?\s+/i, '')).filter(
    (phrase) =>
      wordsOf(phrase).length <= 3 &&
      !/\b(?:in|on|at|of|to|for|from|by|with|after|before|about|that|how|why|what|who)\b/i.test(phrase),
  );
}

/** The members of a short enumeration up to the end of its clause, without articles. */
function objectsIn(text: string): string[] {
  const clause =
    withoutQuotes(text).split(
      /[.!?;:()]|\s[—–-]\s|,?\s+\b(?:but|because|so that|and (?:then|also|keep|make|use|write|add|do))\b/i,
    )[0] ?? '';
  return clause
    .split(/,\s*(?:and |or )?|\s+(?:and|or|nor)\s+/i)
    .map((part) =>
      part
        .trim()
        .replace(/^(?:(?:any|the|a|an|our|your|their|its|his|her|all|anything about|please)\s+)+/i, '')
        .trim(),
    )
    .filter((part) => /\p{L}/u.test(part) && !/^please$/i.test(part));
}

/** A thing that can be named: at most three words, no verb form, no general noun. */
function isThing(object: string): boolean {
  const words = wordsOf(object);
  const last = words.at(-1);
  if (words.length === 0 || words.length > 3 || last === undefined) return false;
  if (words.some((word) => GENERAL.has(word)) || /ing$/.test(words[0] ?? '')) return false;
  return !/\b(?:in|on|at|of|to|for|from|by|with|that|how|be|is|are)\b/i.test(object) && last.length >= 3;
}
