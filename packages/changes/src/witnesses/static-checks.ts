import {
  type ChangedFile,
  type Check,
  maskSecrets,
  mayTouch,
  type Project,
  pathProblem,
  sizeProblems,
  type TextProblem,
  textProblems,
  tierOf,
} from '@vivarium/core';
import type { ProjectStore } from '../store/index.ts';
import type { Examined } from './ground.ts';

export interface StaticDeps {
  readonly store: Pick<ProjectStore, 'read' | 'treeWith'>;
  readonly project: Project;
}
export type StaticAbout = Pick<Examined, 'base_tree' | 'tree' | 'files'> & {
  /** The task's own globs, narrower than the project's. */
  readonly paths?: readonly string[];
};

const MOST_SHOWN = 12;

/** What can be said of a patch without running anything: `change.nonempty`, `.paths`, `.size`, `.text`, `.reproducible`. */
export async function staticChecks(deps: StaticDeps, about: StaticAbout): Promise<Check[]> {
  const check = (rule: string, problems: readonly string[], fine: string): Check => ({
    ...{ rule, tree: about.tree, decisive: false },
    passed: problems.length === 0,
    detail: problems.length === 0 ? fine : some(problems),
  });
  const { files } = about;
  return [
    check('change.nonempty', files.length === 0 ? ['nothing is changed'] : [], `${files.length} files are changed`),
    check(
      'change.paths',
      files.flatMap((file) => pathProblems(deps.project, file, about.paths)),
      'every path may be changed',
    ),
    check('change.size', sizeProblems(files, deps.project.settings.limits), 'it is within the limits'),
    check('change.text', await texts(deps, files), 'its text is plain'),
    check('change.reproducible', await rebuilt(deps, about), 'base and entries give the same tree, twice'),
  ];
}

function some(problems: readonly string[]): string {
  const more = problems.length > MOST_SHOWN ? `; and ${problems.length - MOST_SHOWN} more` : '';
  return `${problems.slice(0, MOST_SHOWN).join('; ')}${more}`;
}

function pathProblems({ settings }: Project, { path, tier }: ChangedFile, paths?: readonly string[]): readonly string[] {
  const problem = pathProblem(path);
  if (problem !== undefined) return [`${path}: ${problem}`];
  if (tier === 'A') return [`${path} may never be changed (tier A)`];
  return mayTouch(settings, path, paths) ? [] : [`${path} is not among what may be changed`];
}

async function texts({ store, project }: StaticDeps, files: readonly ChangedFile[]): Promise<readonly string[]> {
  const found: TextProblem[] = [];
  for (const { path, before, after } of files) {
    if (!after) continue;
    const read = async (oid: string | undefined) => (oid === undefined ? undefined : (await store.read(oid)).toString());
    const texts = { before: await read(before?.oid), after: await read(after.oid) };
    found.push(...textProblems({ path, ...texts, asked: tierOf(project.settings, path).tier === 'B' }, isKnownSecret));
  }
  return found.map(({ path, line, problem }) => `${path}:${line}: ${problem}`);
}

/** A key of this machine; a word after "Bearer" is not one by itself. */
function isKnownSecret(line: string): boolean {
  const plain = line.replace(/\b(?:bearer|gsk_|sk-)/gi, '');
  return maskSecrets(plain) !== plain;
}

async function rebuilt({ store }: StaticDeps, { base_tree, tree, files }: StaticAbout): Promise<readonly string[]> {
  const built = [await store.treeWith(base_tree, files), await store.treeWith(base_tree, files)];
  return built.filter((each) => each !== tree).map((each) => `base and entries give ${each}, not ${tree}`);
}
