import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isWithheld, type Project } from '@vivarium/core';
import { GitError, type GitPlace, openRepository, pathText, readBlobs, records, resolveRef, runGit } from '../git/index.ts';
import { fetchBase } from './bases.ts';
import { checkoutEntries } from './checkout.ts';
import { commitTree } from './commit.ts';
import { counts, difference, patchBytes } from './compare.ts';
import { createStore } from './create.ts';
import { mergeTrees } from './merge.ts';
import { commitsSince } from './past.ts';
import { makePlaces, placesOf } from './places.ts';
import type { ProjectStore } from './project-store.ts';
import { treeReader, treeWith } from './trees.ts';

const LEND_ABOVE = 500 * 1024 * 1024;

/**
 * The store of a project below a workspace; made when it is not there yet. `lend_above_bytes`: from which size on a
 * repository lends its objects instead of giving them.
 * @throws GitError when the project is no repository
 */
export async function openStore(
  place: { readonly root: string; readonly lend_above_bytes?: number },
  project: Project,
): Promise<ProjectStore> {
  const places = placesOf(place.root, project.name);
  makePlaces(places);
  const repository = openRepository(project.settings.path, places.emptyFolder);
  await createStore(places, repository);
  const git: GitPlace = places;
  return {
    ...contentOf(git, places.spool, project),
    ...refsOf(git),
    gitDir: places.gitDir,
    folder: places.folder,
    repository,
    fetchBase: () => fetchBase({ place: git, repository, project, lend_above_bytes: place.lend_above_bytes ?? LEND_ABOVE }),
  };
}

function contentOf(git: GitPlace, spool: string, project: Project): Omit<ProjectStore, keyof ReturnType<typeof refsOf> | About> {
  const entries = treeReader(git);
  const writeFiles = (files: readonly string[]) => hashFiles(git, files);
  return {
    entries,
    difference: (from, to) => difference(git, from, to),
    counts: (from, to) => counts(git, from, to),
    read: (oid) => readOne(git, oid),
    readAll: (oids, onBlob) => readBlobs(git, oids, onBlob),
    write: (bytes) => writeOne(spool, bytes, writeFiles),
    writeFiles,
    treeWith: (base, changed) => treeWith(git, entries, base, changed),
    merge: (base, ours, theirs) => mergeTrees(git, entries, { base, ours, theirs }, (path) => isWithheld(project.settings, path)),
    commit: (about) => commitTree(git, about),
    checkout: async (tree, folder, leaveOut) => checkoutEntries(git, await entries(tree), folder, leaveOut),
    patch: async (from, to, paths) => (await patchBytes(git, from, to, { paths, binary: false })).toString('utf8'),
    exportPatch: (from, to) => patchBytes(git, from, to, { binary: true }),
  };
}
type About = 'gitDir' | 'folder' | 'repository' | 'fetchBase';

function refsOf(
  git: GitPlace,
): Pick<ProjectStore, 'treeOf' | 'isAncestor' | 'commitsSince' | 'keep' | 'drop' | 'resolve' | 'refs'> {
  return {
    async treeOf(commit) {
      const tree = await resolveRef(git, `${commit}^{tree}`);
      if (tree === undefined) throw new GitError(`The store has no commit ${commit}`);
      return tree;
    },
    async isAncestor(commit, of) {
      return (await runGit(git, ['merge-base', '--is-ancestor', commit, of], { answers: [1] })).code === 0;
    },
    commitsSince: (from, to) => commitsSince(git, from, to),
    async keep(ref, oid) {
      await runGit(git, ['update-ref', '--no-deref', ref, oid]);
    },
    async drop(ref) {
      await runGit(git, ['update-ref', '--no-deref', '-d', ref]);
    },
    resolve: (ref) => resolveRef(git, ref),
    async refs(below) {
      const { output } = await runGit(git, ['for-each-ref', '--format=%(objectname) %(refname)%00', below]);
      return new Map([...records(output)].map(refLine));
    },
  };
}

/** `<oid> <ref>`, after the line feed of the one before. */
function refLine(record: Buffer): [string, string] {
  const [oid = '', ref = ''] = pathText(record).trim().split(' ');
  return [ref, oid];
}

async function readOne(git: GitPlace, oid: string): Promise<Buffer> {
  let found: Buffer = Buffer.alloc(0);
  await readBlobs(git, [oid], (_index, bytes) => {
    found = bytes;
  });
  return found;
}

async function hashFiles(git: GitPlace, files: readonly string[]): Promise<readonly string[]> {
  if (files.length === 0) return [];
  const args = ['hash-object', '-w', '--no-filters', '--stdin-paths'];
  const { output } = await runGit(git, args, { input: `${files.join('\n')}\n` });
  return output.toString().trim().split('\n');
}

/** Through a file of ours: bytes are never an argument, and a second writer never sees half of them. */
async function writeOne(spool: string, bytes: Buffer, writeFiles: ProjectStore['writeFiles']): Promise<string> {
  const folder = mkdtempSync(join(spool, 'one-'));
  try {
    const file = join(folder, 'bytes');
    writeFileSync(file, bytes);
    return (await writeFiles([file]))[0] ?? '';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
