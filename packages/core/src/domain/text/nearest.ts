/** The word that was probably meant, among those that may stand; undefined when none is near. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const own = bare(word);
  let best: { readonly word: string; readonly distance: number } | undefined;
  for (const other of words) {
    const distance = editDistance(own, bare(other));
    if (!best || distance < best.distance) best = { word: other, distance };
  }
  return best && best.distance <= Math.max(1, Math.floor(own.length / 5)) ? best.word : undefined;
}

/** Letter case and the marks between words are no difference. */
const bare = (word: string): string => word.toUpperCase().replace(/[^\p{L}\p{N}]+/gu, '_');

/** How many characters must be put in, left out or replaced, or swapped with their neighbour. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1] ? 0 : 1;
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + same,
        swapped ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [beforeLast, last] = [last, current];
  }
  return last[to.length] ?? 0;
}
