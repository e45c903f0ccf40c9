import { visible } from '@vivarium/core/domain/words';

const MOST_CHARS = 20_000;
const MOST_LINES = 1_000;
/** No script stacks as many marks on one letter; more of them paint over what stands around, and take seconds to lay out. */
const PILE = /(\p{M}{12})(\p{M}+)/gu;

/** Text of others with nothing in it that acts on the page instead of standing there. */
export function legible(text: string): string {
  return visible(text).replaceAll(PILE, (_, kept: string, more: string) => `${kept} <and ${more.length} more marks>`);
}

/** As much of a text as is laid out at once. */
export function beginningOf(text: string): string {
  const short = text.length <= MOST_CHARS ? text : text.slice(0, MOST_CHARS).replace(/[\ud800-\udbff]$/, '');
  let end = -1;
  for (let line = 0; line < MOST_LINES; line += 1) {
    end = short.indexOf('\n', end + 1);
    if (end === -1) return short;
  }
  return short.slice(0, end);
}
