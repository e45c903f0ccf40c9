import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openStore, type ProjectStore } from '@vivarium/changes';
import { type Project, ProjectSettings } from '@vivarium/core';

/** A git of the person's, with no configuration of this machine. */
export function git(folder: string, args: readonly string[], input?: string | Buffer): string {
  const who = ['-c', 'user.name=Person', '-c', 'user.email=person@example.org', '-c', 'init.defaultBranch=main'];
  const env = { PATH: process.env['PATH'], HOME: folder, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  const ran = spawnSync('git', [...who, ...args], { cwd: folder, env, input, maxBuffer: 1e9 });
  if (ran.status !== 0) throw new Error(`git ${args.join(' ')}: ${ran.stderr}`);
  return ran.stdout.toString();
}

export type Files = Readonly<Record<string, string | Buffer>>;

export function writeFiles(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** A new repository on `main` with these files committed. */
export function aRepository(folder: string, files: Files): string {
  mkdirSync(folder, { recursive: true });
  git(folder, ['init', '-q']);
  writeFiles(folder, files);
  return commitAll(folder, 'start');
}

export function commitAll(folder: string, message: string): string {
  git(folder, ['add', '-A', '-f', '.']);
  git(folder, ['commit', '-q', '--allow-empty', '-m', message]);
  return git(folder, ['rev-parse', 'HEAD']).trim();
}

export function aProject(path: string, settings: Partial<ProjectSettings> = {}): Project {
  const whole = { path, may_touch: ['**'], suites: { unit: { argv: ['true'], report: 'none' } }, ...settings };
  return { name: 'sample', settings: ProjectSettings.parse(whole), policy_sha256: '0'.repeat(64) };
}

/** A workspace with a project in it; removed by `end`. */
export interface Bench {
  readonly root: string;
  readonly repository: string;
  readonly project: Project;
  readonly store: ProjectStore;
  end(): void;
}

export async function aBench(files: Files, settings: Partial<ProjectSettings> = {}): Promise<Bench> {
  const root = mkdtempSync(join(tmpdir(), 'changes-'));
  const repository = join(root, 'project');
  aRepository(repository, files);
  const project = aProject(repository, settings);
  const store = await openStore({ root: join(root, 'workspace') }, project);
  return { root, repository, project, store, end: () => rmSync(root, { recursive: true, force: true }) };
}
