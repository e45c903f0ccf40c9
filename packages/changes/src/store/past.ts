import { type GitPlace, pathText, records, runGit } from '../git/index.ts';
import type { PastCommit } from './project-store.ts';

const MOST = '1000';
/** Between the fields of a commit: no name and no subject has it. */
const BETWEEN = '\x1f';

export async function commitsSince(place: GitPlace, from: string, to: string): Promise<readonly PastCommit[]> {
  const format = `--format=${['%H', '%an', '%cI', '%s'].join('%x1f')}`;
  const args = ['log', '-z', '--no-show-signature', '--no-mailmap', '--no-color', format, `--max-count=${MOST}`, to, `^${from}`];
  const { output } = await runGit(place, args);
  return [...records(output)].map((record) => {
    const [commit = '', author = '', at = '', ...subject] = pathText(record).split(BETWEEN);
    return { commit, author, at, subject: subject.join(' ') };
  });
}
