import type { FileDiff, Hunk } from '../protocol/changes.ts';

type Line = Hunk['lines'][number];
type Side = FileDiff['unended'][number];
interface OpenHunk {
  readonly before: number;
  readonly after: number;
  readonly lines: Line[];
}
export interface PatchedFile {
  readonly hunks: OpenHunk[];
  readonly unended: Side[];
}

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/**
 * What a patch of git says of each file, in its order. Inside a hunk lines are counted, so that one which looks like the
 * beginning of a file or of another hunk is a line.
 */
export function filesOfPatch(patch: string): readonly PatchedFile[] {
  const files: PatchedFile[] = [];
  const left = { before: 0, after: 0 };
  for (const line of patch.split('\n')) {
    const hunk = files.at(-1)?.hunks.at(-1);
    if (line.startsWith('\\ ')) files.at(-1)?.unended.push(...sidesOf(hunk?.lines.at(-1)));
    else if (hunk && (left.before > 0 || left.after > 0)) {
      const added = told(line);
      hunk.lines.push(added);
      for (const side of sidesOf(added)) left[side] -= 1;
    } else if (line.startsWith('diff --git ')) files.push({ hunks: [], unended: [] });
    else begin(files.at(-1), HUNK.exec(line), left);
  }
  return files;
}

function begin(file: PatchedFile | undefined, found: RegExpExecArray | null, left: Record<Side, number>): void {
  if (!file || !found) return;
  const [, before, inBefore = '1', after, inAfter = '1'] = found;
  file.hunks.push({ before: Number(before), after: Number(after), lines: [] });
  [left.before, left.after] = [Number(inBefore), Number(inAfter)];
}

/** An empty line between others is one that stayed. */
const told = (line: string): Line => {
  const sign = line[0] === '+' || line[0] === '-' ? line[0] : ' ';
  return { sign, text: line.slice(1) };
};

/** On which sides a line stands. */
const sidesOf = (line: Line | undefined): readonly Side[] =>
  line === undefined ? [] : line.sign === '+' ? ['after'] : line.sign === '-' ? ['before'] : ['before', 'after'];
