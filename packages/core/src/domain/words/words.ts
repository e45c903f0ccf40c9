const STOP_WORDS = new Set(
  `a an the this that these those it its they them their there here i me my we us our you your he she his her and or but nor so
  if of in on at by to for from with into onto as is are was were be been being am do does did done has have had will would shall
  should can could may might must please just also then than too very what which who whom whose when where why how not no yes
  each every all any some both few more most other such own same only once again further about above below between through
  during before after up down out off over under let lets s t d ll m re ve don whats thats hows wheres whos heres theres dont doesnt didnt cant
  couldnt wont wouldnt shouldnt isnt arent wasnt werent im ive id youre youve were weve theyre`.split(/\s+/),
);

/** Words of a text, lower-cased: letters and digits, an apostrophe inside a word kept out. Identifiers give their parts. */
export function wordsOf(text: string): string[] {
  const parts = text.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2').replace(/(\p{L})['’](\p{L})/gu, '$1$2');
  return (parts.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => word.toLowerCase());
}

/** The words that carry meaning, stemmed. */
export function contentStems(text: string): string[] {
  return wordsOf(text)
    .filter((word) => !STOP_WORDS.has(word))
    .map(stem);
}

export const isStopWord = (word: string): boolean => STOP_WORDS.has(word);

/** A light stem: plural, -ing, -ed, -er/-or of an actor and the like. Two words share a stem only when they are forms of one. */
export function stem(word: string): string {
  if (word.length <= 3 || /\d/.test(word)) return word;
  let base = word;
  if (base.endsWith('ies') && base.length > 4) base = `${base.slice(0, -3)}y`;
  else if (/(?:ss|sh|ch|x|z)es$/.test(base)) base = base.slice(0, -2);
  else if (base.endsWith('s') && !/(?:ss|us|is)$/.test(base)) base = base.slice(0, -1);
  if (base.endsWith('ing') && hasVowel(base.slice(0, -3)) && base.length > 5) base = undouble(base.slice(0, -3));
  else if (base.endsWith('ied') && base.length > 4) base = `${base.slice(0, -3)}y`;
  else if (base.endsWith('ed') && hasVowel(base.slice(0, -2)) && base.length > 4) base = undouble(base.slice(0, -2));
  if (base.endsWith('ically')) base = base.slice(0, -4);
  return base.endsWith('e') && base.length > 3 ? base.slice(0, -1) : base;
}

/** How much two sets of words share: the shared ones over all of them, 0..1. */
export function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 && b.size === 0) return 1;
  let both = 0;
  for (const word of a) if (b.has(word)) both++;
  return both / (a.size + b.size - both);
}

const hasVowel = (text: string): boolean => /[aeiouy]/.test(text);
const undouble = (text: string): string => (/([bdfgmnprt])\1$/.test(text) ? text.slice(0, -1) : text);
