import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collisions, isWithheld, mayTouch, type ProjectSettings, pathProblem, tierOf } from '@vivarium/core';
import { blobId, GitError, isFileMode, LINK_MODE, type TreeEntry } from '../git/index.ts';
import { type Changed, innerTarget, isWritable, type ProjectStore } from '../store/index.ts';
import { type Found, walk } from './walk.ts';

export interface Refused {
  readonly path: string;
  readonly problem: string;
}
export interface Snapshot {
  /** The base with what differs and is allowed. */
  readonly tree: string;
  /** What differs and is not allowed; it is not in the tree. */
  readonly refused: readonly Refused[];
}

/** What no work area shows: it stays in the tree as the base has it. Answers are kept, a tree is asked about again and again. */
export function leftOutOf(settings: ProjectSettings): (path: string) => boolean {
  const known = new Map<string, boolean>();
  return (path) => {
    const answer = known.get(path) ?? (!isWritable(path) || isWithheld(settings, path));
    known.set(path, answer);
    return answer;
  };
}

/** What a project allows of its work areas. */
export interface Rules {
  readonly settings: ProjectSettings;
  readonly leftOut: (path: string) => boolean;
}

/** Reads a work area back into a tree. Nothing else may write there meanwhile. */
export async function takeSnapshot(store: ProjectStore, rules: Rules, folder: string, base: string): Promise<Snapshot> {
  const entries = await store.entries(base);
  const spool = mkdtempSync(join(store.folder, 'spool', 'snapshot-'));
  try {
    const look = new Look(rules, { entries, tree: base }, spool);
    const folders = foldersOf(entries.keys());
    await walk(
      folder,
      (found) => look.take(found),
      (path, isFolder) => (isFolder ? folderProblem(folders, path) : undefined),
    );
    look.missing(await linksOf(store, entries));
    const changed = look.changed();
    await written(store, changed);
    return { tree: await store.treeWith(base, changed), refused: look.refused };
  } finally {
    rmSync(spool, { recursive: true, force: true });
  }
}

interface Candidate extends Changed {
  /** Its bytes, as they were read. */
  readonly spooled?: string;
}

/** Compares what is found with the base, path by path. */
class Look {
  readonly refused: Refused[] = [];
  private readonly seen = new Set<string>();
  private readonly candidates = new Map<string, Candidate>();
  private readonly rules: Rules;
  private readonly base: ReadonlyMap<string, TreeEntry>;
  private readonly spool: string;
  private readonly like: string;

  constructor(rules: Rules, base: { entries: ReadonlyMap<string, TreeEntry>; tree: string }, spool: string) {
    this.rules = rules;
    this.base = base.entries;
    this.like = base.tree;
    this.spool = spool;
  }

  take(found: Found): void {
    this.seen.add(found.path);
    const before = this.base.get(found.path);
    if (found.kind === 'file') this.takeFile(found, before);
    else if (found.kind === 'problem') this.refuse(found.path, found.problem);
    else if (before?.mode !== LINK_MODE || before.oid !== blobId(found.target, this.like)) this.refuse(found.path, 'is a link');
  }

  private takeFile({ path, executable, bytes }: Extract<Found, { kind: 'file' }>, before: TreeEntry | undefined): void {
    const after = { mode: executable ? '100755' : '100644', oid: blobId(bytes, this.like) };
    if (before?.oid === after.oid && before.mode === after.mode && !this.rules.leftOut(path)) return;
    const problem = this.problem(path, before);
    if (problem !== undefined) {
      this.refuse(path, problem);
      return;
    }
    const spooled = join(this.spool, String(this.candidates.size));
    writeFileSync(spooled, bytes);
    this.candidates.set(path, { path, after, spooled });
  }

  /** What the base has and the work area does not. `links`: those that a checkout makes. */
  missing(links: ReadonlySet<string>): void {
    for (const [path, before] of this.base) {
      if (this.seen.has(path) || this.rules.leftOut(path)) continue;
      if (!isFileMode(before.mode)) {
        if (links.has(path)) this.refuse(path, 'is a link of the project and was removed');
        continue;
      }
      const problem = this.problem(path, before);
      if (problem === undefined) this.candidates.set(path, { path });
      else this.refuse(path, problem);
    }
  }

  /** What may differ, once nothing of it stands in the way of what stays. */
  changed(): readonly Candidate[] {
    const added = [...this.candidates.values()].filter(({ path, after }) => after && !this.base.has(path));
    if (added.length > 0) this.refuseWhatClashes(added.map(({ path }) => path));
    return [...this.candidates.values()];
  }

  private refuseWhatClashes(added: readonly string[]): void {
    const gone = [...this.candidates.values()].filter(({ after }) => after === undefined).map(({ path }) => path);
    const stays = new Set(this.base.keys());
    for (const path of gone) stays.delete(path);
    const folders = foldersOf(stays);
    for (const path of added) {
      const above = [...foldersOf([path])].find((folder) => stays.has(folder));
      if (above !== undefined) this.drop(path, `lies below ${above}, which stays as it is`);
      else if (folders.has(path)) this.drop(path, 'takes the place of a folder with files that stay as they are');
    }
    const left = new Set(added.filter((path) => this.candidates.has(path)));
    for (const [path, other] of collisions([...stays, ...left], left)) {
      this.drop(path, `is the same as ${other} on systems that ignore case or Unicode form`);
    }
  }

  private problem(path: string, before: TreeEntry | undefined): string | undefined {
    const rule = pathProblem(path);
    if (rule !== undefined) return rule;
    if (this.rules.leftOut(path)) return 'is withheld from residents; the name stays with the person';
    if (before !== undefined && !isFileMode(before.mode)) return 'takes the place of a link or a submodule';
    if (!mayTouch(this.rules.settings, path)) return 'is outside what residents may touch here (may_touch)';
    const { tier, because } = tierOf(this.rules.settings, path);
    return tier === 'A' ? `is never changed by residents: ${because}` : undefined;
  }

  private drop(path: string, problem: string): void {
    this.candidates.delete(path);
    this.refuse(path, problem);
  }

  private refuse(path: string, problem: string): void {
    this.refused.push({ path, problem });
  }
}

function folderProblem(known: ReadonlySet<string>, path: string): string | undefined {
  if (known.has(path) && isWritable(path)) return undefined;
  return pathProblem(path);
}

function foldersOf(paths: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const path of paths) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at);
      if (found.has(folder)) break;
      found.add(folder);
    }
  }
  return found;
}

/** The links that a checkout of these entries makes. */
async function linksOf(store: ProjectStore, entries: ReadonlyMap<string, TreeEntry>): Promise<ReadonlySet<string>> {
  const links = [...entries].filter(([path, { mode }]) => mode === LINK_MODE && isWritable(path));
  const made = new Set<string>();
  await store.readAll(
    links.map(([, { oid }]) => oid),
    (index, target) => {
      const path = links[index]?.[0] ?? '';
      if (innerTarget(path, target.toString())) made.add(path);
    },
  );
  return made;
}

/** Bytes go into the store from what was read, so that a file which changes meanwhile cannot be half of each. */
async function written(store: ProjectStore, changed: readonly Candidate[]): Promise<void> {
  const files = changed.flatMap(({ after, spooled }) => (after && spooled ? [{ oid: after.oid, spooled }] : []));
  const oids = await store.writeFiles(files.map(({ spooled }) => spooled));
  const wrong = files.findIndex(({ oid }, index) => oid !== oids[index]);
  if (wrong >= 0) throw new GitError('The store holds other bytes than the work area', { fix: 'Look at the disk and try again' });
}
