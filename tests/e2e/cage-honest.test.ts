import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mount } from '@vivarium/sandbox';
import { afterEach, describe, expect, it } from 'vitest';
import { aProject, MB } from './cage.fixture.ts';
import { DEPENDENCIES, ECOSYSTEMS, type Ecosystem } from './cage-honest.table.ts';
import { requires } from './sandbox.requires.ts';

const missing = requires('bwrap');
const LIMITS = {
  memory_bytes: 2_048 * MB,
  processes: 256,
  disk_bytes: 512 * MB,
  files: 20_000,
  file_bytes: 256 * MB,
  open_files: 1_024,
};

describe.skipIf(missing !== undefined)(`honest programs of a project${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const project = aProject();
  afterEach(async () => {
    for (const name of await readdir(project.folder)) await rm(join(project.folder, name), { recursive: true, force: true });
  });

  /** All of them in one sandbox; the names of those that ended well, and what the others said. */
  async function run({ tools, path, environment, commands }: Ecosystem): Promise<string> {
    await mkdir(join(project.folder, 'node_modules'));
    const mounts: Mount[] = [
      { from: project.folder, at: '/project', mode: 'rw' },
      { from: DEPENDENCIES, at: '/project/node_modules', mode: 'entries-ro' },
      ...tools.map((tool): Mount => ({ from: tool, at: tool, mode: 'ro' })),
    ];
    const scripts = Object.entries(commands).map(
      ([what, command]) =>
        `( set -e; ${command}\n) >/tmp/said 2>&1 && echo 'ran: ${what}' || { echo 'failed: ${what}'; tail -c 2000 /tmp/said; }`,
    );
    const end = await project.run(['/bin/bash', '-s'], {
      mounts,
      stdin: scripts.join('\n'),
      environment: { PATH: [path, '/usr/bin', '/bin'].filter(Boolean).join(':'), ...environment },
      limits: LIMITS,
      timeout_ms: 90_000,
    });
    return end.stdout + end.stderr + JSON.stringify(end.over_limit ?? end.broken ?? '');
  }

  for (const ecosystem of ECOSYSTEMS) {
    const { name, commands, missing: lacking } = ecosystem;
    it.skipIf(lacking !== undefined)(`run: ${name}${lacking ? ` (skipped: ${lacking})` : ''}`, async () => {
      const ran = Object.keys(commands).map((what) => `ran: ${what}\n`);
      expect(await run(ecosystem)).toBe(`${ran.join('')}""`);
    });
  }
});
