import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { GitError } from './error.ts';
import { moveGuardedRef } from './guarded-ref.ts';
import { type GitOptions, type GitPlace, runGit } from './run-git.ts';
import { pathText, records, type TreeEntry } from './trees.ts';

type Started = Pick<GitOptions, 'onStart'>;

/**
 * The person's own repository, through the few commands that run no program of it, whatever its configuration, hooks and
 * attributes say: git sees its `.git` and an empty folder, never the files beside it.
 */
export interface ProjectRepository {
  readonly gitDir: string;
  /** Where objects and branches lie; another folder than `gitDir` for a linked work tree. */
  readonly commonDir: string;
  resolve(ref: string): Promise<string | undefined>;
  /** `sha1` or `sha256`. */
  objectFormat(): Promise<string>;
  /** Objects of a commit come in from a store; no ref is touched. */
  fetchFrom(storeGitDir: string, ref: string, options?: Started): Promise<void>;
  /** False when the ref does not show `from` any more. `from` undefined: it must not exist yet. */
  moveRef(ref: string, to: string, from: string | undefined, options?: Started): Promise<boolean>;
  /** The same while git holds the branch's lock, if `mayGoOn` says so then. */
  moveGuarded(
    move: { ref: string; from: string; to: string },
    mayGoOn: () => Promise<boolean>,
    onStart: (pid: number) => void,
  ): Promise<boolean>;
  /** What is staged. */
  indexEntries(): Promise<ReadonlyMap<string, TreeEntry>>;
  /** Sets these paths in the index, undefined takes one out. The files are not looked at. */
  setIndex(entries: ReadonlyMap<string, TreeEntry | undefined>, options?: Started): Promise<void>;
  /** Attributes that are set, by path, as the index and `info/attributes` say. */
  attributes(paths: readonly string[], names: readonly string[]): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>>;
  /** Bytes of its packs. */
  packedBytes(): number;
}

/** @throws GitError when there is no repository at `path` */
export function openRepository(path: string, emptyFolder: string): ProjectRepository {
  const gitDir = gitDirOf(path);
  const commonDir = commonDirOf(gitDir);
  const place: GitPlace = { gitDir, emptyFolder };
  return {
    gitDir,
    commonDir,
    resolve: (ref) => resolveRef(place, ref),
    async objectFormat() {
      return (await runGit(place, ['rev-parse', '--show-object-format'])).output.toString().trim();
    },
    async fetchFrom(storeGitDir, ref, options = {}) {
      await runGit(place, fetchArguments(storeGitDir, ref), options);
    },
    async moveRef(ref, to, from, options = {}) {
      const args = ['update-ref', '--no-deref', ref, to, from ?? '0'.repeat(to.length)];
      const { code } = await runGit(place, args, { ...options, answers: [1, 128] });
      return code === 0;
    },
    moveGuarded: (move, mayGoOn, onStart) => moveGuardedRef(place, move, mayGoOn, onStart),
    async indexEntries() {
      const { output } = await runGit(place, ['ls-files', '--stage', '-z', '--full-name']);
      return new Map([...records(output)].map(stagedEntry));
    },
    async setIndex(entries, options = {}) {
      await runGit(place, ['update-index', '-z', '--index-info'], {
        ...options,
        input: indexInfo(entries, await resolveRef(place, 'HEAD')),
      });
    },
    attributes: (paths, names) => attributesOf(place, paths, names),
    packedBytes: () => packedBytes(join(commonDir, 'objects', 'pack')),
  };
}

/**
 * Every option is there against a setting of the repository that reads it: remotes with the address as their name, their
 * programs and refspecs, submodules, pruning, maintenance.
 */
export function fetchArguments(from: string, ref: string): readonly string[] {
  const off = ['--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--no-auto-maintenance', '--no-prune'];
  return ['fetch', '--quiet', ...off, '--no-write-commit-graph', '--refmap=', '--upload-pack=git-upload-pack', from, ref];
}

export async function resolveRef(place: GitPlace, ref: string): Promise<string | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', ref];
  const { code, output } = await runGit(place, args, { answers: [1, 128] });
  return code === 0 ? output.toString().trim() : undefined;
}

/**
 * What `update-index -z --index-info` reads; what goes away first, so that a file may take the place of a folder. `like`:
 * any id of the repository, for its length.
 */
export function indexInfo(entries: ReadonlyMap<string, TreeEntry | undefined>, like = '0'.repeat(40)): string {
  const gone = [...entries].flatMap(([path, entry]) => (entry ? [] : `0 ${'0'.repeat(like.length)}\t${path}\0`));
  const set = [...entries].flatMap(([path, entry]) => (entry ? `${entry.mode} ${entry.oid}\t${path}\0` : []));
  return [...gone, ...set].join('');
}

/** `<mode> <oid> <stage>\t<path>` */
function stagedEntry(record: Buffer): [string, TreeEntry] {
  const tab = record.indexOf(9);
  const [mode = '', oid = ''] = record.toString('latin1', 0, tab).split(' ');
  return [pathText(record.subarray(tab + 1)), { mode, oid }];
}

/** Attributes that are set, by path, as an index and `info/attributes` say; `index` is a file, the repository's own else. */
export async function attributesOf(place: GitPlace, paths: readonly string[], names: readonly string[], index?: string) {
  const found = new Map<string, Map<string, string>>();
  if (paths.length === 0) return found;
  const input = paths.map((path) => `${path}\0`).join('');
  const { output } = await runGit(place, ['check-attr', '-z', '--stdin', '--cached', ...names], {
    ...{ input, environment: index === undefined ? {} : { GIT_INDEX_FILE: index } },
  });
  const fields = [...records(output)].map((field) => field.toString());
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path = '', name = '', value = ''] = fields.slice(at, at + 3);
    if (value === 'unspecified' || value === 'unset') continue;
    found.set(path, (found.get(path) ?? new Map()).set(name, value));
  }
  return found;
}

function gitDirOf(path: string): string {
  const inside = join(path, '.git');
  const stat = statSync(inside, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return inside;
  if (stat?.isFile())
    return resolve(
      path,
      readFileSync(inside, 'utf8')
        .replace(/^gitdir:\s*/, '')
        .trim(),
    );
  if (statSync(join(path, 'HEAD'), { throwIfNoEntry: false })?.isFile()) return path;
  throw new GitError(`There is no git repository at ${path}`, { fix: 'Make it one with: git init, and commit what is there' });
}

function commonDirOf(gitDir: string): string {
  const file = join(gitDir, 'commondir');
  return statSync(file, { throwIfNoEntry: false }) ? resolve(gitDir, readFileSync(file, 'utf8').trim()) : gitDir;
}

function packedBytes(folder: string): number {
  if (!statSync(folder, { throwIfNoEntry: false })) return 0;
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}
