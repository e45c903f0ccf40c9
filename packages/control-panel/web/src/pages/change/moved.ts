import type { ChangeDetail } from '../../../../src/protocol/changes.ts';

/** What a yes would bind to, as a person looked at it. */
export type Shown = Pick<ChangeDetail, 'entries_sha256' | 'tree' | 'base_commit' | 'files'>;

const isSame = (a: Shown, b: Shown): boolean => a.entries_sha256 === b.entries_sha256 && a.tree === b.tree;

/** In words, what is another than what was looked at. */
export function movedSince(before: Shown, now: Shown): readonly string[] {
  if (isSame(before, now)) return [];
  const versions = (shown: Shown) =>
    new Map(shown.files.map(({ path, before: from, after }) => [path, `${from?.sha256} ${after?.mode} ${after?.sha256}`]));
  const [old, fresh] = [versions(before), versions(now)];
  const names = (paths: readonly string[]) =>
    `${paths.slice(0, MOST).join(', ')}${paths.length > MOST ? ` and ${paths.length - MOST} more` : ''}`;
  const told = (what: string, paths: readonly string[]) => (paths.length > 0 ? [`${what}: ${names(paths)}`] : []);
  return [
    ...told(
      'Changed since',
      [...fresh].filter(([path, version]) => old.has(path) && old.get(path) !== version).map(([path]) => path),
    ),
    ...told(
      'Came in since',
      [...fresh.keys()].filter((path) => !old.has(path)),
    ),
    ...told(
      'No longer part of it',
      [...old.keys()].filter((path) => !fresh.has(path)),
    ),
    ...(before.base_commit === now.base_commit
      ? []
      : [`The branch moved from ${before.base_commit.slice(0, 12)} to ${now.base_commit.slice(0, 12)}`]),
    ...(before.entries_sha256 === now.entries_sha256 ? ['The files of the change itself are the same'] : []),
  ];
}

const MOST = 8;
