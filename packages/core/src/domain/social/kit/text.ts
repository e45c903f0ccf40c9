const MARKERS = [
  'realized',
  'learned',
  'discovered',
  'insight',
  'breakthrough',
  'pattern',
  'connection',
  'understand',
  'mistake',
  'correction',
  'hypothesis',
  'theory',
  'observation',
  'evidence',
] as const;

export function wordCount(text: string): number {
  return text.split(/\s+/).filter(Boolean).length;
}

/** Words of reflection that a text contains, each once. */
export function markersIn(text: string): readonly string[] {
  const lower = text.toLowerCase();
  return MARKERS.filter((marker) => lower.includes(marker));
}

/** One line, at most so long; what was cut is shown as an ellipsis. */
export function clip(text: string, chars: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const letters = [...line];
  return letters.length <= chars ? line : `${letters.slice(0, chars - 1).join('')}…`;
}

/** Letters and digits only, lower case: what near-duplicates are compared by. */
export function plain(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Share of the two texts that lies in common blocks, 0..1 (Ratcliff and Obershelp). */
export function similarity(one: string, other: string): number {
  const total = one.length + other.length;
  return total === 0 ? 1 : (2 * commonChars(one, other)) / total;
}

function commonChars(one: string, other: string): number {
  const block = longestBlock(one, other);
  if (block.length === 0) return 0;
  const { from, at, length } = block;
  return (
    length + commonChars(one.slice(0, from), other.slice(0, at)) + commonChars(one.slice(from + length), other.slice(at + length))
  );
}

function longestBlock(one: string, other: string): { from: number; at: number; length: number } {
  let best = { from: 0, at: 0, length: 0 };
  let above = new Uint16Array(other.length + 1);
  for (let from = 0; from < one.length; from++) {
    const row = new Uint16Array(other.length + 1);
    for (let at = 0; at < other.length; at++) {
      if (one[from] !== other[at]) continue;
      const length = (above[at] ?? 0) + 1;
      row[at + 1] = length;
      if (length > best.length) best = { from: from - length + 1, at: at - length + 1, length };
    }
    above = row;
  }
  return best;
}
