import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GitPlace, type ProjectRepository, runGit } from '../git/index.ts';
import type { Places } from './places.ts';

/** Takes back what a `.gitattributes` says of merging, diffs and bytes; this file goes before all others. */
const ATTRIBUTES = '* !merge !diff !text !eol !crlf !ident !filter !working-tree-encoding !conflict-marker-size !whitespace\n';

/** Makes the bare repository unless it is there: whole under another name first, so that two who make it at once agree. */
export async function createStore(places: Places, project: ProjectRepository): Promise<void> {
  if (existsSync(places.gitDir)) return;
  const fresh = mkdtempSync(join(places.folder, 'new-'));
  const place: GitPlace = { gitDir: fresh, emptyFolder: places.emptyFolder };
  const args = ['init', '--quiet', '--bare', '--template=', `--object-format=${await project.objectFormat()}`, fresh];
  await runGit(place, args, { environment: { GIT_WORK_TREE: undefined } });
  mkdirSync(join(fresh, 'info'), { recursive: true });
  writeFileSync(join(fresh, 'info', 'attributes'), ATTRIBUTES);
  try {
    renameSync(fresh, places.gitDir);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(places.gitDir)) throw error;
  }
}
