export type Feature =
  | 'emojis'
  | 'exclamation marks'
  | 'question marks'
  | 'commas'
  | 'semicolons'
  | 'digits'
  | 'bullet points'
  | 'headings'
  | 'tables'
  | 'code blocks'
  | 'links';

/** Features of an output that can be seen without reading it, by the words people use for them. */
export const FEATURES: readonly { readonly feature: Feature; readonly named: RegExp; readonly seen: RegExp }[] = [
  { feature: 'emojis', named: /^emojis?(?: at all)?$/i, seen: /\p{Extended_Pictographic}(?<![\d#*©®™])/u },
  { feature: 'exclamation marks', named: /^exclamation (?:marks?|points?)$/i, seen: /!/ },
  { feature: 'question marks', named: /^question marks?$/i, seen: /\?/ },
  { feature: 'commas', named: /^commas?$/i, seen: /,/ },
  { feature: 'semicolons', named: /^semi-?colons?$/i, seen: /;/ },
  { feature: 'digits', named: /^(?:digits|numerals|arabic numerals)$/i, seen: /\d/ },
  { feature: 'bullet points', named: /^(?:bullet(?:s|ed lists?| points?| lists?))$/i, seen: /^\s*[-*•]\s+\S/m },
  { feature: 'headings', named: /^(?:markdown )?(?:headings?|headers?)$/i, seen: /^#{1,6}\s+\S/m },
  { feature: 'tables', named: /^(?:markdown )?tables?$/i, seen: /^\s*\|?\s*:?-{3,}:?\s*\|/m },
  { feature: 'code blocks', named: /^code (?:blocks?|fences?)$/i, seen: /^\s*```/m },
  { feature: 'links', named: /^(?:hyper)?links?$|^urls?$/i, seen: /\bhttps?:\/\/\S/i },
];
