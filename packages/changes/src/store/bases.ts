import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '@vivarium/core';
import { fetchArguments, GitError, type GitPlace, type ProjectRepository, resolveRef, runGit } from '../git/index.ts';

/** A first fetch copies the whole history. */
const FETCH_MS = 300_000;
/** What git takes as the name of a branch, and nothing that a refspec reads as more than a name. */
const BRANCH = /^(?!.*(?:\.\.|@\{|\/\/|\.lock(?:\/|$)|\/\.|\/$|\.$))[^\s.\-~^:?*[\\][^\s~^:?*[\\]*$/;

export interface Bases {
  readonly place: GitPlace;
  readonly repository: ProjectRepository;
  readonly project: Project;
  /** Repositories above this lend their objects instead of giving them. */
  readonly lend_above_bytes: number;
}

/** What the project's branch shows, with its objects in the store under a ref of ours. */
export async function fetchBase(bases: Bases): Promise<{ commit: string; tree: string }> {
  const { place, repository, project } = bases;
  const { branch, path } = project.settings;
  const ref = `refs/heads/${branch}`;
  if (!BRANCH.test(branch)) throw new GitError(`"${branch}" is not the name of a branch`, branchFix(project));
  for (let round = 0; round < 3; round += 1) {
    const commit = await repository.resolve(ref);
    if (commit === undefined) throw new GitError(`The branch ${branch} of ${path} has no commit`, branchFix(project));
    const kept = `refs/bases/${commit}`;
    const known = await resolveRef(place, `${kept}^{tree}`);
    if (known !== undefined) return { commit, tree: known };
    await bring(bases, commit, ref);
    const tree = await resolveRef(place, `${commit}^{tree}`);
    // Absent when the branch was moved back between the look and the fetch.
    if (tree === undefined) continue;
    await runGit(place, ['update-ref', kept, commit]);
    return { commit, tree };
  }
  throw new GitError(`The branch ${branch} of ${path} moves while it is read`, { fix: 'Try again' });
}

const branchFix = ({ name }: Project) => ({ fix: `Correct projects.${name}.branch in config/projects.json` });

async function bring(bases: Bases, commit: string, ref: string): Promise<void> {
  const { place, repository, project } = bases;
  if (repository.packedBytes() <= bases.lend_above_bytes && !existsSync(alternatesOf(place))) {
    await runGit(place, fetchArguments(project.settings.path, ref), { limit_ms: FETCH_MS });
    return;
  }
  borrow(place, repository);
  await keepInProject(bases, commit);
}

const alternatesOf = ({ gitDir }: GitPlace): string => join(gitDir, 'objects', 'info', 'alternates');

function borrow(place: GitPlace, repository: ProjectRepository): void {
  mkdirSync(join(place.gitDir, 'objects', 'info'), { recursive: true });
  writeFileSync(alternatesOf(place), `${join(repository.commonDir, 'objects')}\n`);
}

/**
 * A ref in the project keeps lent objects from being pruned there when its branch is rewritten. One moves along; a
 * rewritten past gets one of its own.
 */
async function keepInProject({ place, repository, project }: Bases, commit: string): Promise<void> {
  const ref = `refs/vivarium/${project.name}/base`;
  const old = await repository.resolve(ref);
  if (old === commit) return;
  if (old !== undefined) {
    const { code } = await runGit(place, ['merge-base', '--is-ancestor', old, commit], { answers: [1] });
    if (code === 1) await repository.moveRef(`refs/vivarium/${project.name}/${old}`, old, undefined);
  }
  await repository.moveRef(ref, commit, old);
}
