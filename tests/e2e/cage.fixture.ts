import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CageEnd, type CageRun, findTools, type Mount, runCage } from '@vivarium/sandbox';
import { afterAll, beforeAll } from 'vitest';

export const MB = 1_048_576;

export interface Project {
  /** Shown as `/project`, and counted. */
  readonly folder: string;
  /** Beside the project; not shown. */
  readonly outside: string;
  run(argv: readonly string[], more?: Partial<CageRun>): Promise<CageEnd>;
  /** A line for the shell. */
  sh(script: string, more?: Partial<CageRun>): Promise<CageEnd>;
}

const LIMITS = {
  memory_bytes: 1_024 * MB,
  processes: 128,
  disk_bytes: 64 * MB,
  files: 2_000,
  file_bytes: 256 * MB,
  open_files: 1_024,
};

/** An empty project for the tests of a file, with generous limits. */
export function aProject(limits: Partial<CageRun['limits']> = {}): Project {
  const tools = findTools();
  let base = '';
  const whole = (): Mount => ({ from: project.folder, at: '/project', mode: 'rw' });
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'viv-cage-'));
    await Promise.all(['project', 'outside'].map((name) => mkdir(join(base, name))));
  });
  afterAll(() => rm(base, { recursive: true, force: true }));
  const project: Project = {
    get folder() {
      return join(base, 'project');
    },
    get outside() {
      return join(base, 'outside');
    },
    run: (argv, more = {}) =>
      runCage(tools, {
        argv,
        mounts: [whole()],
        cwd: '/project',
        environment: {},
        timeout_ms: 30_000,
        limits: { ...LIMITS, ...limits },
        counted: [project.folder],
        output: { head_bytes: 65_536, tail_bytes: 196_608 },
        ...more,
      }),
    sh: (script, more) => project.run(['/bin/sh', '-c', script], more),
  };
  return project;
}
