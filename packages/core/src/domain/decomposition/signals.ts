import { masked } from '../words/index.ts';

export type Signal = 'long_prompt' | 'multi_line' | 'sequencing_connectors' | 'comma_enumeration' | 'compound_clauses';

const LONG_CHARS = 220;
const CONNECTORS = /\b(?:and then|then|also|plus|after that|next|finally)\b/i;
/** So many signals and a prompt is looked at closer. */
export const COMPLEX_SCORE = 2;

/**
 * The reference's signals of a compound request. Words in quotation marks, code, links and file names give none. A score
 * says only that it is worth trying to break the request down.
 */
export function signalsOf(prompt: string): Signal[] {
  const text = prompt.trim();
  const mask = masked(text);
  const separators = mask.match(/[,;，；、،؛]/g)?.length ?? 0;
  const connector = CONNECTORS.test(mask);
  const signals: [Signal, boolean][] = [
    ['long_prompt', text.length >= LONG_CHARS],
    ['multi_line', (mask.match(/\n/g)?.length ?? 0) >= 2],
    ['sequencing_connectors', connector],
    ['comma_enumeration', separators >= 2],
    ['compound_clauses', separators >= 2 || /[:：]/.test(mask) || (connector && separators >= 1)],
  ];
  return signals.filter(([, present]) => present).map(([signal]) => signal);
}
