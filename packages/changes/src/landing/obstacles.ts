import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ChangedEntry, FileSide, ProjectSettings } from '@vivarium/core';
import type { ProjectRepository } from '../git/index.ts';

/** What is in the way of a landing; only a person can help. */
export interface Obstacle {
  readonly why: 'your_edits' | 'branch' | 'repository';
  readonly because: string;
  readonly paths: readonly string[];
}

/** What git leaves in a repository while something of a person is under way. */
const UNDER_WAY: Readonly<Record<string, string>> = {
  MERGE_HEAD: 'a merge',
  'rebase-merge': 'a rebase',
  'rebase-apply': 'a rebase or am',
  CHERRY_PICK_HEAD: 'a cherry-pick',
  REVERT_HEAD: 'a revert',
  BISECT_LOG: 'a bisect',
};

/** What keeps a change from being landed right now; undefined when nothing does. Reads only. */
export async function obstacleTo(
  repository: ProjectRepository,
  settings: Pick<ProjectSettings, 'path' | 'branch' | 'into'>,
  entries: readonly ChangedEntry[],
): Promise<Obstacle | undefined> {
  const ref = `refs/heads/${settings.branch}`;
  const locked = locksOf(repository, ref).filter((file) => exists(file));
  if (locked.length > 0) return { why: 'repository', because: `git is at work there: ${locked.join(', ')} exists`, paths: [] };
  const elsewhere = headObstacle(repository, settings);
  if (elsewhere || settings.into === 'ref') return elsewhere;
  const under_way = Object.entries(UNDER_WAY).find(([name]) => exists(join(repository.gitDir, name)));
  if (under_way) return { why: 'repository', because: `${under_way[1]} is under way there`, paths: [] };
  return editsIn(repository, settings.path, entries);
}

/** The branch has to be checked out in the project and nowhere else; for `ref` nowhere at all. */
export function headObstacle(
  repository: ProjectRepository,
  { path, branch, into }: Pick<ProjectSettings, 'path' | 'branch' | 'into'>,
): Obstacle | undefined {
  const heads = headsOf(repository).filter(({ head }) => head === `refs/heads/${branch}`);
  const elsewhere = heads.filter(({ own }) => into === 'ref' || !own);
  const where = elsewhere.map(({ folder }) => folder).join(', ');
  if (elsewhere.length > 0) return { why: 'branch', because: `the branch ${branch} is checked out in ${where}`, paths: [] };
  if (into === 'ref' || heads.length > 0) return undefined;
  return { why: 'branch', because: `the branch ${branch} is not checked out in ${path}`, paths: [] };
}

export const isCheckedOut = (repository: ProjectRepository, branch: string): boolean =>
  headsOf(repository).some(({ head, own }) => own && head === `refs/heads/${branch}`);

const locksOf = ({ gitDir, commonDir }: ProjectRepository, ref: string): string[] => [
  join(gitDir, 'index.lock'),
  join(gitDir, 'HEAD.lock'),
  join(commonDir, `${ref}.lock`),
  join(commonDir, 'packed-refs.lock'),
];

interface Head {
  readonly head: string;
  readonly folder: string;
  readonly own: boolean;
}

/** What every work tree of the repository has checked out: a ref, or a commit. */
function headsOf({ gitDir, commonDir }: ProjectRepository): readonly Head[] {
  const linked = join(commonDir, 'worktrees');
  const folders = [commonDir, ...(exists(linked) ? readdirSync(linked).map((name) => join(linked, name)) : [])];
  return folders.flatMap((folder) => {
    const text = readText(join(folder, 'HEAD'));
    if (text === undefined) return [];
    const tree = readText(join(folder, 'gitdir'));
    return [
      { head: text.trim().replace(/^ref:\s*/, ''), folder: tree ? dirname(tree.trim()) : folder, own: same(folder, gitDir) },
    ];
  });
}

/** Every touched path has to be the base byte for byte, in the folder and staged, and nothing may stand where a file goes. */
async function editsIn(
  repository: ProjectRepository,
  root: string,
  entries: readonly ChangedEntry[],
): Promise<Obstacle | undefined> {
  const staged = await repository.indexEntries();
  const gone = new Set(entries.flatMap(({ path, after }) => (after ? [] : [path])));
  const edited = entries.filter(({ path, before }) => {
    const index = staged.get(path);
    if (before ? index?.oid !== before.oid || index.mode !== before.mode : index !== undefined) return true;
    return before ? behindLink(root, path) || !isSide(join(root, path), before) : inTheWay(root, path, gone);
  });
  if (edited.length === 0) return undefined;
  const paths = edited.map(({ path }) => path);
  return { why: 'your_edits', because: `what you have in ${paths.join(', ')} is in the way`, paths };
}

/** A folder on the way to a path was made a link: what lies behind it may be anybody's. */
export function behindLink(root: string, path: string): boolean {
  const parts = path.split('/').slice(0, -1);
  return parts.some((_, depth) => statOf(join(root, ...parts.slice(0, depth + 1)))?.isSymbolicLink() === true);
}

/** Whether a file is exactly this side of a change: an ordinary file with its bytes and its executable bit, no link itself. */
export function isSide(file: string, side: FileSide): boolean {
  const stat = statOf(file);
  if (!stat?.isFile() || stat.size !== side.bytes || isExecutable(stat.mode) !== (side.mode === '100755')) return false;
  return createHash('sha256').update(readFileSync(file)).digest('hex') === side.sha256;
}

const isExecutable = (mode: number): boolean => (mode & 0o100) !== 0;

/** Something stands at a new file's path, or a file or link where its folder goes; what the same change deletes does not. */
function inTheWay(root: string, path: string, gone: ReadonlySet<string>): boolean {
  if (exists(join(root, path))) return !isEmptyOf(root, path, gone);
  const parts = path.split('/');
  for (let depth = 1; depth < parts.length; depth += 1) {
    const parent = parts.slice(0, depth).join('/');
    const stat = statOf(join(root, parent));
    if (stat === undefined) return false;
    if (!stat.isDirectory()) return !gone.has(parent);
  }
  return false;
}

/** A folder of which the change deletes every file makes way for a file of its name. */
function isEmptyOf(root: string, path: string, gone: ReadonlySet<string>): boolean {
  if (!statOf(join(root, path))?.isDirectory()) return false;
  const names = readdirSync(join(root, path));
  return (
    names.length > 0 &&
    names.every((name) => {
      const inner = `${path}/${name}`;
      return gone.has(inner) || isEmptyOf(root, inner, gone);
    })
  );
}

const exists = (file: string): boolean => statOf(file) !== undefined;

/** What stands at a path itself, never behind a link; undefined also where a file stands in the place of its folder. */
export function statOf(file: string): Stats | undefined {
  try {
    return lstatSync(file, { throwIfNoEntry: false });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function readText(file: string): string | undefined {
  return exists(file) ? readFileSync(file, 'utf8') : undefined;
}

function same(one: string, other: string): boolean {
  const [a, b] = [statSync(one, { throwIfNoEntry: false }), statSync(other, { throwIfNoEntry: false })];
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
}
