import type { ProjectStore } from '@vivarium/changes';
import { type ChangeRecord, InvalidInputError } from '@vivarium/core';
import type { ChangeDiff, ChangeFile, FileDiff } from '../protocol/changes.ts';
import { filesIn } from './changes.ts';
import { filesOfPatch, type PatchedFile } from './patch.ts';

const MOST_BYTES = 512 * 1024;
/** What one answer holds of all files together; a file beyond it is asked for by itself. */
const MOST_LINES = 20_000;
/** Paths that one look of git is asked for: they stand on its command line. */
const AT_ONCE = 200;

/** What is different in a change's files, or in one of them. @throws InvalidInputError for a path that is none of its files */
export async function changeDiff(store: Pick<ProjectStore, 'patch'>, change: ChangeRecord, path?: string): Promise<ChangeDiff> {
  const { change_id, entries_sha256 } = change;
  const files = filesIn(change).filter((file) => path === undefined || file.path === path);
  if (path !== undefined && files.length === 0)
    throw new InvalidInputError('The query', [{ field: 'path', message: 'is none of the files of this change' }]);
  const texts = await textsOf(
    store,
    change,
    files.filter((file) => shownAs(file) === 'text'),
  );
  return { success: true, change_id, entries_sha256, files: bounded(files, texts, path === undefined) };
}

function shownAs({ binary, before, after }: ChangeFile): 'text' | 'binary' | 'too_large' {
  if (Math.max(before?.bytes ?? 0, after?.bytes ?? 0) > MOST_BYTES) return 'too_large';
  return binary ? 'binary' : 'text';
}

async function textsOf(store: Pick<ProjectStore, 'patch'>, { base_tree, tree }: ChangeRecord, files: readonly ChangeFile[]) {
  const found = new Map<string, PatchedFile>();
  const paths = files.filter(({ change }) => change !== 'renamed').map((file) => file.path);
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const some = sorted(paths.slice(at, at + AT_ONCE));
    const patched = filesOfPatch(await store.patch(base_tree, tree, some));
    // Git tells of each path once, in the order of their bytes.
    if (patched.length === some.length) for (const [index, path] of some.entries()) found.set(path, patched[index] ?? NOTHING);
    else for (const path of some) found.set(path, filesOfPatch(await store.patch(base_tree, tree, [path]))[0] ?? NOTHING);
  }
  return found;
}

const NOTHING: PatchedFile = { hunks: [], unended: [] };
const sorted = (paths: readonly string[]) => [...paths].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

function bounded(files: readonly ChangeFile[], texts: ReadonlyMap<string, PatchedFile>, all: boolean): FileDiff[] {
  let left = MOST_LINES;
  return files.map((file) => {
    const { path } = file;
    const as = shownAs(file);
    if (as !== 'text') return { path, shown_as: as, unended: [] };
    const { hunks, unended } = texts.get(path) ?? NOTHING;
    left -= hunks.reduce((sum, { lines }) => sum + lines.length, 0);
    return all && left < 0
      ? { path, shown_as: 'later', unended: [] }
      : { path, shown_as: 'text', hunks, unended: [...new Set(unended)] };
  });
}
