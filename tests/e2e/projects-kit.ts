import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cliHere } from './cli-here.ts';

/** A workspace with a `config/projects.json` and repositories beside it; `remove` takes all of it away. */
export function projectsKit() {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'vivarium-projects-')));
  const root = join(home, 'world');
  mkdirSync(join(root, 'config'), { recursive: true });
  const file = join(root, 'config', 'projects.json');
  const cli = (...args: string[]) => cliHere({ root }, ['project', ...args]);
  return {
    ...{ home, root, file, cli },
    /** A repository of these files with one commit. */
    repository: (name: string, files: Readonly<Record<string, string>>) => repository(join(home, name), files),
    write: (content: object | string) =>
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2)),
    async check(
      ...names: string[]
    ): Promise<{ code: number; findings: { project: string; field: string; problem: string; fix: string }[] }> {
      const { code, stdout } = await cli('check', ...names, '--json');
      return { code, findings: JSON.parse(stdout).findings };
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

export function repository(path: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  git(path, 'init', '--quiet', '--initial-branch=main');
  git(path, 'add', '--all');
  git(path, 'commit', '--quiet', '--allow-empty', '--message', 'Begin');
  return path;
}

export const git = (path: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: path, encoding: 'utf8' });
