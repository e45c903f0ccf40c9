import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import {
  type ChangedEntry,
  type ChangedFile,
  entriesText,
  highestTier,
  isTest,
  type Project,
  type Tier,
  tierOf,
} from '@vivarium/core';
import type { ProjectStore } from '../store/index.ts';

export interface Patch {
  readonly files: ChangedFile[];
  readonly tier: Tier;
  readonly entries_sha256: string;
  /** Of the files that are no test. */
  readonly code_sha256: string;
}

/** What a change comes to between two trees: files with their tiers, and the hashes that are judged and approved. */
export async function filesOf(
  store: Pick<ProjectStore, 'difference' | 'counts'>,
  project: Project,
  fromTree: string,
  toTree: string,
): Promise<Patch> {
  const [entries, counts] = await Promise.all([store.difference(fromTree, toTree), store.counts(fromTree, toTree)]);
  const moved = movedContent(entries);
  const files = entries.map((entry): ChangedFile => {
    const { path, after } = entry;
    const { added, removed, binary } = counts.get(path) ?? { added: 0, removed: 0, binary: false };
    const { tier } = tierOf(project.settings, path, {
      binary,
      deleted: after === undefined,
      executable: isExecutableChange(entry),
      renamed: moved.has(path),
    });
    return { ...entry, tier, test: isTest(project.settings, path), binary, added, removed };
  });
  return {
    files,
    tier: highestTier(files),
    entries_sha256: hashOf(files),
    code_sha256: hashOf(files.filter(({ test }) => !test)),
  };
}

const hashOf = (files: readonly ChangedFile[]): string => createHash('sha256').update(entriesText(files)).digest('hex');

/** Its executable bit is set, or differs. */
const isExecutableChange = ({ before, after }: ChangedEntry): boolean =>
  after?.mode === '100755' || (before?.mode === '100755' && after !== undefined);

/** Paths whose whole content went away here and came up in another folder. */
function movedContent(entries: readonly ChangedEntry[]): ReadonlySet<string> {
  const gone = new Map(entries.flatMap(({ path, before, after }) => (before && !after ? [[before.sha256, path]] : [])));
  const moved = entries.flatMap(({ path, before, after }) => {
    const from = after && !before ? gone.get(after.sha256) : undefined;
    return from === undefined || posix.dirname(from) === posix.dirname(path) ? [] : [path, from];
  });
  return new Set(moved);
}
