import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Project, ProjectSettings } from '@vivarium/core';

const TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zero } from '../src/zero.mjs';
test('zero is nothing', () => assert.equal(zero, 0));
`;

/** A small project with tests by node:test in a folder, as its person wrote it down in the workspace. */
export function sampleProject(workspace: string): Project {
  const path = join(workspace, 'sample');
  for (const folder of ['src', 'test']) mkdirSync(join(path, folder), { recursive: true });
  mkdirSync(join(workspace, 'config'), { recursive: true });
  writeFileSync(join(path, 'src', 'zero.mjs'), 'export const zero = 0;\n');
  writeFileSync(join(path, 'test', 'zero.test.mjs'), TEST);
  for (const args of [
    ['init', '-q', '-b', 'main'],
    ['add', '-A'],
    ['commit', '-q', '-m', 'start'],
  ])
    git(path, args);
  const settings = {
    ...{ path, may_touch: ['src/**', 'test/**'], tests_are: ['test/**'], gates: ['unit', 'integration'] },
    suites: { unit: { argv: [process.execPath, '--test', '--test-reporter=tap'], report: 'tap', only: 'paths' } },
  };
  writeFileSync(join(workspace, 'config', 'projects.json'), JSON.stringify({ version: 1, projects: { sample: settings } }));
  return { name: 'sample', settings: ProjectSettings.parse(settings), policy_sha256: '0'.repeat(64) };
}

function git(folder: string, args: readonly string[]): void {
  const who = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.org'];
  const env = { PATH: '/usr/bin:/bin', HOME: folder, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  const ran = spawnSync('git', [...who, ...args], { cwd: folder, env });
  if (ran.status !== 0) throw new Error(`git ${args.join(' ')}: ${ran.stderr}`);
}
