const CONTEXT = 2;
/** Above this many pairs of lines the middle of two texts is told as one block. */
const MOST_PAIRS = 4_000_000;

interface Row {
  readonly mark: ' ' | '-' | '+';
  readonly line: string;
  /** In the new text, of this line or the one that follows it. */
  readonly at: number;
}

/** The lines that differ between two texts with a little around them, at most `most` of them; what was left out is said. */
export function diffLines(before: string, after: string, most: number): string {
  const rows = rowsOf(linesOf(before), linesOf(after));
  const near = rows.map((_, at) => rows.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ mark }) => mark !== ' '));
  const shown: string[] = [];
  let open = false;
  for (const [index, { mark, line, at }] of rows.entries()) {
    if (near[index] && !open) shown.push(`@@ line ${at} @@`);
    open = near[index] === true;
    if (open) shown.push(`${mark}${line}`);
  }
  const more = shown.length - most;
  return (more > 0 ? [...shown.slice(0, most - 1), `… ${more + 1} more lines`] : shown).join('\n');
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/));

function rowsOf(before: readonly string[], after: readonly string[]): Row[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const room = Math.min(before.length, after.length) - head;
  while (tail < room && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const same = (lines: readonly string[], from: number): Row[] =>
    lines.map((line, index) => ({ mark: ' ', line, at: from + index + 1 }));
  const middle = changed(before.slice(head, before.length - tail), after.slice(head, after.length - tail), head);
  return [...same(after.slice(0, head), 0), ...middle, ...same(after.slice(after.length - tail), after.length - tail)];
}

function changed(before: readonly string[], after: readonly string[], head: number): Row[] {
  const removed = before.map((line): Row => ({ mark: '-', line, at: head + 1 }));
  const added = after.map((line, index): Row => ({ mark: '+', line, at: head + index + 1 }));
  if (before.length * after.length > MOST_PAIRS || before.length === 0 || after.length === 0) return [...removed, ...added];
  return walk(before, after, head, common(before, after));
}

/** Longest common parts of what follows each pair of lines. */
function common(before: readonly string[], after: readonly string[]): readonly Uint32Array[] {
  const table = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--) {
      const [here, below] = [table[i], table[i + 1]];
      if (here && below) here[j] = before[i] === after[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, here[j + 1] ?? 0);
    }
  return table;
}

function walk(before: readonly string[], after: readonly string[], head: number, table: readonly Uint32Array[]): Row[] {
  const rows: Row[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const at = head + j + 1;
    const [old, now] = [before[i], after[j]];
    if (old !== undefined && old === now) {
      rows.push({ mark: ' ', line: old, at });
      i++;
      j++;
    } else if (old !== undefined && (now === undefined || (table[i + 1]?.[j] ?? 0) >= (table[i]?.[j + 1] ?? 0))) {
      rows.push({ mark: '-', line: old, at });
      i++;
    } else if (now !== undefined) {
      rows.push({ mark: '+', line: now, at });
      j++;
    }
  }
  return rows;
}
