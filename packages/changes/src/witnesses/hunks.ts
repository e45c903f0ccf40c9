/** A changed stretch of a file, and the file's text without it. */
export interface Hunk {
  /** First line of the stretch in the new text. */
  readonly line: number;
  readonly without: string;
}

const HEADER = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

/** Every stretch that a unified diff changes in one file, each taken back alone. `after` is the file's new text. */
export function hunksOf(patch: string, after: string): readonly Hunk[] {
  const lines = after.split('\n');
  return stretches(patch.split('\n')).map(({ line, removed, added }) => ({
    line,
    without: [...lines.slice(0, line - 1), ...removed, ...lines.slice(line - 1 + added)].join('\n'),
  }));
}

interface Stretch {
  readonly line: number;
  readonly removed: string[];
  added: number;
}

/** Runs of removed and added lines without a line between them that both sides have. */
function stretches(patch: readonly string[]): readonly Stretch[] {
  const found: Stretch[] = [];
  let line = 0;
  let open: Stretch | undefined;
  for (const text of patch) {
    const header = HEADER.exec(text);
    if (header) {
      line = Number(header[1]);
      open = undefined;
    } else if (line > 0 && (text.startsWith('-') || text.startsWith('+'))) {
      if (open === undefined) {
        open = { line, removed: [], added: 0 };
        found.push(open);
      }
      if (text.startsWith('-')) open.removed.push(text.slice(1));
      else {
        open.added++;
        line++;
      }
    } else if (line > 0 && text.startsWith(' ')) {
      open = undefined;
      line++;
    }
  }
  return found;
}
