/** A world of an older version opens as it is; one of a newer version is left alone, with words that help. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openApi } from '@vivarium/api';
import { openWorld } from '@vivarium/control-panel';
import { createLogger, loadConfig, VERSION, WORLD_FORMAT, WorldTooNewError, workspacePaths } from '@vivarium/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { enterWorld } from '../../packages/storage-files/src/world-version.ts';
import { startWorker } from '../../packages/worker/src/loop/run-worker.ts';
import { runCommand } from '../../packages/worker/src/program.ts';

const ROOT = resolve(import.meta.dirname, '../..');
let home: string;
let said: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'vivarium-upgrade-'));
  said = '';
  vi.stubEnv('VIVARIUM_WORKSPACE', home);
  vi.stubEnv('VIVARIUM_API_PORT', '9');
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

const configured = () => {
  const env = { VIVARIUM_WORKSPACE: home, VIVARIUM_API_PORT: '0', VIVARIUM_PROVIDER: 'none', VIVARIUM_LOG_LEVEL: 'silent' };
  return loadConfig({ env, cwd: home });
};
const stamp = () => JSON.parse(readFileSync(workspacePaths(home).version, 'utf8'));

describe('the version', () => {
  it('is that of the package', () => {
    expect(VERSION).toBe(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version);
  });

  it('is left by whoever comes first, and raised by a newer program', () => {
    enterWorld(workspacePaths(home));
    expect(stamp()).toEqual({ format: WORLD_FORMAT, version: VERSION });
    enterWorld(workspacePaths(home), { format: WORLD_FORMAT + 1, version: '9.0.0' });
    expect(stamp()).toEqual({ format: WORLD_FORMAT + 1, version: '9.0.0' });
    expect(() => enterWorld(workspacePaths(home))).toThrow(WorldTooNewError);
  });

  it('that cannot be read counts as none', () => {
    mkdirSync(workspacePaths(home).swarm);
    writeFileSync(workspacePaths(home).version, '{"format": ');
    enterWorld(workspacePaths(home));
    expect(stamp().format).toBe(WORLD_FORMAT);
  });
});

describe('a world of an older version', () => {
  it.each([1])('format %i opens with all that was in it', async (format) => {
    cpSync(join(ROOT, `tests/fixtures/world-format-${format}`), home, { recursive: true });
    const world = await openWorld(configured(), { error: () => undefined });
    expect(['one', 'two'].map((id) => world.store.get(id)?.status)).toEqual(['queued', 'cancelled']);
    expect(world.society.world.society.bounties.size).toBe(1);
    expect((await world.society.room('town_hall', 'human'))?.lines).toHaveLength(1);
    expect(world.budget.state().cap_usd).toBe(5);
    await world.close();
    expect(stamp().format).toBe(WORLD_FORMAT);
    expect(await runCommand(['ledger', 'verify'])).toBe(0);
  });
});

describe('a world of a newer version', () => {
  beforeEach(() => {
    enterWorld(workspacePaths(home), { format: WORLD_FORMAT + 1, version: '9.0.0' });
  });
  const contents = () => readdirSync(home, { recursive: true }).sort();
  const refusal = expect.objectContaining({
    message: expect.stringMatching(/9\.0\.0.*0\.1\.0/),
    fix: expect.stringMatching(/9\.0\.0.*backup/),
  });

  it.each([
    ['the API', () => openApi({ config: configured(), log: createLogger('api', configured()) })],
    ['the panel', () => openWorld(configured(), { error: () => undefined })],
    ['a worker', () => startWorker(configured(), { concurrency: 1, untilIdle: true })],
  ])('%s does not open it and touches nothing', async (_who, open: () => Promise<unknown>) => {
    const before = contents();
    await expect(open()).rejects.toEqual(refusal);
    expect(contents()).toEqual(before);
  });

  it.each([
    ['list'],
    ['add', 't', 'Say hello'],
    ['budget', 'show'],
    ['room', 'list'],
    ['ledger', 'verify'],
    ['gate', 'list'],
    ['doctor'],
  ])('the command line says so: %s %s', async (...args) => {
    expect(await runCommand(args)).toBe(1);
    expect(said).toMatch(/Vivarium 9\.0\.0 \(format 2\) has opened this world; this is 0\.1\.0 \(format 1\)/);
    expect(said).toContain('restore the backup');
  });

  it('can still be halted', async () => {
    expect(await runCommand(['halt'])).toBe(0);
  });
});
