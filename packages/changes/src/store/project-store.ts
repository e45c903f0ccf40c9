import type { ChangedEntry } from '@vivarium/core';
import type { ProjectRepository, TreeEntry } from '../git/index.ts';

export interface MergeSides {
  readonly path: string;
  readonly base?: string;
  readonly ours?: string;
  readonly theirs?: string;
}

export type MergeAnswer =
  | { readonly kind: 'clean'; readonly tree: string }
  | {
      readonly kind: 'conflict';
      readonly paths: readonly string[];
      /** Texts of the three sides; a side that is absent or no text is left out. */
      readonly sides: readonly MergeSides[];
    };

/** Lines that differ, as git counts them; none of a binary file. */
export interface LineCount {
  readonly added: number;
  readonly removed: number;
  readonly binary: boolean;
}

export interface CommitAbout {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  /** ISO instant. The same words at the same instant give the same commit. */
  readonly at: string;
}

/** A commit as it says of itself. */
export interface PastCommit {
  readonly commit: string;
  readonly author: string;
  readonly at: string;
  readonly subject: string;
}

/**
 * Our own bare repository for one project: every tree that residents work on lies here, and nothing in it runs a program.
 * Trees and commits are named by their git ids.
 */
export interface ProjectStore {
  readonly gitDir: string;
  /** Folder of the project's store, work areas and checkouts. */
  readonly folder: string;
  readonly repository: ProjectRepository;
  /** What the project's branch shows at this moment; its objects come into the store and stay. @throws GitError */
  fetchBase(): Promise<{ commit: string; tree: string }>;
  treeOf(commit: string): Promise<string>;
  isAncestor(commit: string, of: string): Promise<boolean>;
  /** Commits that are in `to` and not in `from`, newest first; at most 1,000. */
  commitsSince(from: string, to: string): Promise<readonly PastCommit[]>;
  entries(tree: string): Promise<ReadonlyMap<string, TreeEntry>>;
  /** Changed paths without rename detection, sorted by git. @throws GitError when a link or submodule is among them */
  difference(from: string, to: string): Promise<readonly ChangedEntry[]>;
  counts(from: string, to: string): Promise<ReadonlyMap<string, LineCount>>;
  read(oid: string): Promise<Buffer>;
  /** Bytes of many blobs, one git process for all. */
  readAll(oids: readonly string[], onBlob: (index: number, bytes: Buffer) => void): Promise<void>;
  write(bytes: Buffer): Promise<string>;
  /** As `write` for files of ours; ids in the same order. */
  writeFiles(files: readonly string[]): Promise<readonly string[]>;
  /** `base` with these paths as their `after` says. @throws GitError when git left one of them out */
  treeWith(base: string, entries: readonly Changed[]): Promise<string>;
  merge(base: string, ours: string, theirs: string): Promise<MergeAnswer>;
  commit(about: CommitAbout): Promise<string>;
  keep(ref: string, oid: string): Promise<void>;
  drop(ref: string): Promise<void>;
  resolve(ref: string): Promise<string | undefined>;
  /** Names of kept refs below a folder of refs, each with its object. */
  refs(below: string): Promise<ReadonlyMap<string, string>>;
  /** Writes a tree into a new or empty folder: bytes exactly as stored, no submodules, no link that leads out of it. */
  checkout(tree: string, folder: string, leaveOut: (path: string) => boolean): Promise<void>;
  /** Unified diff as text to read. */
  patch(from: string, to: string, paths?: readonly string[]): Promise<string>;
  /** The same as bytes that `git apply` takes, binary files included. */
  exportPatch(from: string, to: string): Promise<Buffer>;
}

/** What `treeWith` needs of a changed entry. */
export interface Changed {
  readonly path: string;
  readonly after?: TreeEntry | undefined;
}
