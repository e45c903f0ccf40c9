import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { InvalidInputError, type WorkspacePaths } from '@vivarium/core';
import type { FirstEntry } from './entry.ts';
import { initProject } from './init.ts';

const run = promisify(execFile);
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
const AUTHOR = ['-c', 'user.name=Vivarium', '-c', 'user.email=sample@vivarium.invalid', '-c', 'core.hooksPath=/dev/null'];

/** What a resident is asked to mend in the sample. */
export const SAMPLE_TASK = {
  id: 'mend-discount',
  prompt:
    'An order of exactly 100.00 should save 5 %, as docs/rules.md says, and saves nothing. Mend it, and add a test that shows it.',
  kind: 'fix',
} as const;

export interface SampleOptions {
  readonly installation: string;
  readonly paths: Pick<WorkspacePaths, 'root' | 'swarm' | 'projectsFile'>;
  /** Where it goes; `projects/invoice` of the workspace when left out. */
  readonly folder?: string | undefined;
  readonly name?: string | undefined;
}

/**
 * Make a repository of the sample that ships, with one commit, and write its entry.
 * @throws InvalidInputError for a folder with something in it, or a name that is taken
 */
export async function initSample({ installation, paths, folder, name }: SampleOptions): Promise<FirstEntry> {
  const target = resolve(folder ?? join(paths.root, 'projects', 'invoice'));
  if (existsSync(target) && readdirSync(target).length > 0) {
    const problems = [{ field: 'path', message: `there is something in ${target} already` }];
    throw new InvalidInputError(
      'Nothing was written',
      problems,
      'Name an empty folder: pnpm worker project init --sample <folder>',
    );
  }
  mkdirSync(target, { recursive: true });
  cpSync(join(installation, 'samples', 'invoice'), target, { recursive: true });
  const git = (...args: readonly string[]) => run('git', [...AUTHOR, ...args], { cwd: target, env: ENVIRONMENT });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'Add up invoices');
  return initProject(target, { paths, name });
}
