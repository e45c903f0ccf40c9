import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { covers, inWords, mayTouch, overlap, type Project, type SettingsFault } from '@vivarium/core';
import { attributesOf, runGit, type TreeEntry } from '../git/index.ts';
import { openStore, type ProjectStore } from '../store/index.ts';
import { type Places, placesOf } from '../store/places.ts';

/** With one of these, git keeps other bytes than lie in the folder, and what was approved would not be what is there. */
const CHANGING = ['filter', 'ident', 'working-tree-encoding', 'eol'] as const;
const SUBMODULE = '160000';
const MOST = 5;

/** What git says of a project, asked in a store of ours: nothing that the repository configures is run. */
export async function repositoryFaults(root: string, project: Project): Promise<readonly SettingsFault[]> {
  try {
    const store = await openStore({ root }, project);
    const base = await store.fetchBase();
    const entries = await store.entries(base.tree);
    return [...submoduleFaults(project, entries), ...(await attributeFaults(store, root, project, base.tree, entries))];
  } catch (error) {
    const { message, fix = 'Look at the repository with: git fsck' } = inWords(error);
    return [{ field: /branch/i.test(message) ? 'branch' : 'path', problem: message, fix }];
  }
}

function submoduleFaults({ settings }: Project, entries: ReadonlyMap<string, TreeEntry>): SettingsFault[] {
  return [...entries]
    .filter(([path, { mode }]) => mode === SUBMODULE && overlap([path], settings.may_touch) && !isForbidden(settings, path))
    .slice(0, MOST)
    .map(([path]) => ({
      field: 'may_touch',
      problem: `${path} is a submodule`,
      fix: `Add ${JSON.stringify(path)} to "never", or narrow may_touch`,
    }));
}

async function attributeFaults(
  store: ProjectStore,
  root: string,
  project: Project,
  tree: string,
  entries: ReadonlyMap<string, TreeEntry>,
) {
  const { settings } = project;
  const paths = [...entries.keys()].filter((path) => mayTouch(settings, path) && !isForbidden(settings, path));
  const found = await changedOnTheWay(store, placesOf(root, project.name), tree, paths);
  return [...found].slice(0, MOST).map(([path, attributes]): SettingsFault => {
    const what = [...attributes].map(([name, value]) => `${name}=${value}`).join(', ');
    const problem = `${path} has the attribute ${what}: git keeps other bytes of it than lie in the folder`;
    return { field: 'may_touch', problem, fix: `Remove the attribute, or add ${JSON.stringify(path)} to "never"` };
  });
}

const isForbidden = ({ never }: Project['settings'], path: string): boolean => never.some((glob) => covers(glob, path));

/** By the branch's own attributes, and by those that stand beside the repository. */
async function changedOnTheWay(store: ProjectStore, places: Places, tree: string, paths: readonly string[]) {
  const index = join(places.spool, `index-${process.pid}-${tree}`);
  try {
    await runGit(places, ['read-tree', tree], { environment: { GIT_INDEX_FILE: index } });
    const own = await attributesOf(places, paths, CHANGING, index);
    return new Map([...own, ...(await store.repository.attributes(paths, CHANGING))]);
  } finally {
    rmSync(index, { force: true });
  }
}
