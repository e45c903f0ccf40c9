/** A newcomer's first minutes: every command that the README shows, in a fresh clone, with an empty home. */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshClone, freshClonesAreAsked, npmStart, ROOT, signalGroup, storeOfThisRepository } from './clone-kit.ts';

const folder = mkdtempSync(join(tmpdir(), 'vivarium-readme-'));
const clone = join(folder, 'vivarium');
/** A person has pnpm; where a machine has only Node, it stands in for what `npm test` itself uses. */
const programs = join(folder, 'bin');
const env = {
  PATH: `${process.env['PATH'] ?? ''}:${programs}`,
  HOME: join(folder, 'home'),
  VIVARIUM_API_PORT: '0',
  VIVARIUM_CONTROL_PANEL_PORT: '0',
  npm_config_store_dir: storeOfThisRepository(),
  npm_config_update_notifier: 'false',
};
let started: ChildProcess | undefined;

/** Lines of the README's blocks that are commands, without their remarks. */
const shown = [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/^```\n([\s\S]*?)^```/gm)]
  .flatMap(([, block = '']) => block.split('\n'))
  .filter((line) => /^p?npm /.test(line))
  .map((line) => line.replace(/\s+#.*$/, ''));

describe.runIf(freshClonesAreAsked)('in a fresh clone', () => {
  beforeAll(async () => {
    const { findPnpm } = await import(join(ROOT, 'scripts/lib/pnpm.mjs'));
    const words: readonly string[] = await findPnpm();
    mkdirSync(programs);
    const standIn = `#!/bin/sh\nHOME='${process.env['HOME'] ?? ''}' exec ${words.join(' ')} "$@"\n`;
    if (words[0] !== 'pnpm') writeFileSync(join(programs, 'pnpm'), standIn, { mode: 0o755 });
    freshClone(clone);
    mkdirSync(env.HOME);
    // A newcomer's first command downloads the dependencies; here they come from this machine's store.
    const { status, stdout, stderr } = spawnSync('pnpm', ['install', '--frozen-lockfile', '--offline'], {
      cwd: clone,
      env,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stdout + stderr);
  }, 120_000);
  afterAll(() => {
    signalGroup(started, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }, 120_000);

  it('shows how to start, test and add', () => {
    expect(shown).toEqual(expect.arrayContaining(['npm start', 'npm test']));
    expect(shown.filter((line) => line.startsWith('pnpm worker add')).length).toBeGreaterThan(2);
  });

  it.each(shown.filter((line) => line !== 'npm start'))('%s', (line) => {
    // The whole suite is what runs this test; a newcomer's `npm test` is tried on one file.
    const command = line === 'npm test' ? 'npm test -- packages/core/src/domain/budget/fold.test.ts --project unit' : line;
    const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: clone, env, encoding: 'utf8' });
    expect({ status, said: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, said: '' });
  });

  it('npm start', async () => {
    const { address, stop } = await npmStart(clone, env, (child) => {
      started = child;
    });
    expect((await fetch(new URL('/api/tasks/haiku', address))).status).toBe(200);
    expect(await (await fetch(address)).text()).toContain('<div id="root">');
    await stop();
    await expect(fetch(address)).rejects.toThrow();
  });
});
