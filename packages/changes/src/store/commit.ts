import { type GitPlace, runGit } from '../git/index.ts';
import type { CommitAbout } from './project-store.ts';

const COMMITTER = { GIT_COMMITTER_NAME: 'Vivarium', GIT_COMMITTER_EMAIL: 'vivarium@localhost' };

/** Writes a commit whose committer is the runtime. The same words at the same instant give the same commit. */
export async function commitTree(place: GitPlace, about: CommitAbout): Promise<string> {
  const when = `${Math.floor(Date.parse(about.at) / 1_000)} +0000`;
  const environment = {
    ...COMMITTER,
    GIT_COMMITTER_DATE: when,
    GIT_AUTHOR_NAME: plainName(about.author.name),
    GIT_AUTHOR_EMAIL: plainName(about.author.email),
    GIT_AUTHOR_DATE: when,
  };
  const parents = about.parents.flatMap((parent) => ['-p', parent]);
  const args = ['commit-tree', about.tree, ...parents, '-F', '-'];
  return (await runGit(place, args, { environment, input: about.message })).output.toString().trim();
}

/** Git takes no name that is empty once its own marks are gone, and none with NUL. */
const plainName = (name: string): string => (/[\p{L}\p{N}]/u.test(name) ? name.replaceAll('\0', '') : 'resident');
