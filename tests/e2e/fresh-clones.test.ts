/** A fresh clone starts and tests, whatever npm was told before. */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { corepackHome, freshClone, npmStart, signalGroup, storeOfThisRepository } from './clone-kit.ts';

const folder = mkdtempSync(join(tmpdir(), 'vivarium-clones-'));

const CONFIGURATIONS: readonly [what: string, npmrc: string, env?: Readonly<Record<string, string>>][] = [
  ['production=true', 'production=true'],
  ['omit=dev and omit=optional', 'omit=dev\nomit=optional\noptional=false'],
  ['engine-strict=true', 'engine-strict=true'],
  ['ignore-scripts=true', 'ignore-scripts=true\nonly=production'],
  ['NODE_ENV=production', '', { NODE_ENV: 'production', npm_config_production: 'true' }],
  ['node-linker=hoisted', 'node-linker=hoisted\nshamefully-hoist=true\nprefer-offline=true'],
  ['prefix and cache elsewhere', `prefix=${join(folder, 'prefix')}\ncache=${join(folder, 'cache')}\nmodules-dir=elsewhere`],
  ['package-lock=false', 'package-lock=false\nlegacy-peer-deps=true\ninclude=prod'],
];

/** More than a minute: only when it is asked for. */
describe.runIf(process.env['VIVARIUM_README'] === 'full')('in a fresh clone', () => {
  let running: ChildProcess | undefined;
  afterAll(() => {
    signalGroup(running, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }, 120_000);

  it.each(CONFIGURATIONS)('npm start and npm test do with %s', { timeout: 300_000 }, async (what, npmrc, more = {}) => {
    const clone = join(folder, what.replaceAll(/\W+/g, '-'));
    freshClone(clone);
    const home = `${clone}-home`;
    mkdirSync(home);
    writeFileSync(join(home, '.npmrc'), `update-notifier=false\n${npmrc}\n`);
    const own = { PATH: process.env['PATH'] ?? '', HOME: home, COREPACK_HOME: corepackHome() };
    const world = { VIVARIUM_WORKSPACE: join(home, 'world'), VIVARIUM_API_PORT: '0', VIVARIUM_CONTROL_PANEL_PORT: '0' };
    const env = { ...own, ...world, npm_config_store_dir: storeOfThisRepository(), ...more };
    for (const time of ['first', 'second']) {
      const started = await npmStart(clone, env, (child) => {
        running = child;
      });
      expect((await fetch(new URL('/healthz', started.address))).status).toBe(200);
      expect(started.said().includes('Installing dependencies')).toBe(time === 'first');
      await started.stop();
    }
    const unit = ['test', '--', 'packages/core/src/domain/budget/fold.test.ts', '--project', 'unit'];
    const { status, stdout, stderr } = spawnSync('npm', unit, { cwd: clone, env, encoding: 'utf8' });
    expect({ status, said: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, said: '' });
    rmSync(clone, { recursive: true, force: true });
  });
});
