import type { ChangeFile } from '../../../src/protocol/changes.ts';
import { useDraft } from './draft.ts';

const NOTHING: { readonly seen: Readonly<Record<string, string>> } = { seen: {} };

/** Which bytes a tick stands for: another version of the file has none. */
const versionOf = ({ before, after }: ChangeFile): string =>
  [before, after].map((side) => (side ? `${side.mode} ${side.sha256}` : '-')).join(' ');

/** The files of a change that a person ticked as seen, kept in this browser for exactly these bytes. */
export function useSeen(changeId: string, files: readonly ChangeFile[]) {
  const [{ seen: kept }, change] = useDraft(`seen_${changeId}`, NOTHING);
  const seen: ReadonlySet<string> = new Set(
    files.filter((file) => Object.hasOwn(kept, file.path) && kept[file.path] === versionOf(file)).map(({ path }) => path),
  );
  const toggle = (file: ChangeFile) => {
    const others = Object.entries(kept).filter(([path]) => path !== file.path);
    change({ seen: Object.fromEntries(seen.has(file.path) ? others : [...others, [file.path, versionOf(file)]]) });
  };
  return { seen, toggle };
}
