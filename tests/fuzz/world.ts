import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorld } from '@vivarium/control-panel';
import { loadConfig } from '@vivarium/core';
import { FakeClock } from '@vivarium/core/testing';
import { afterAll } from 'vitest';
import { playThePast } from '../../scripts/demo/past.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'vivarium-fuzz-'));
afterAll(() => rmSync(ROOT, { recursive: true, force: true, maxRetries: 5 }));

/** A folder that is gone after the last test of the file. */
export const freshFolder = (): string => mkdtempSync(join(ROOT, 'f-'));

/** A world with some hours behind it: tasks of every kind, money, tokens, guilds, bounties, disputes, rooms, mail, diaries. */
export async function playedWorld(): Promise<string> {
  const home = freshFolder();
  const clock = new FakeClock('2026-01-01T08:00:00.000Z');
  const env = { VIVARIUM_WORKSPACE: home, VIVARIUM_LOG_LEVEL: 'silent' };
  const world = await openWorld(loadConfig({ env, cwd: home }), { error: () => undefined }, clock);
  await playThePast(world, clock);
  await world.close();
  return home;
}

/** The lines of a log as they stand. */
export const linesOf = (file: string): string[] => readFileSync(file, 'utf8').split('\n').filter(Boolean);

/** What a line says, without what the log adds. */
export function saidIn(line: string): Record<string, unknown> {
  const { rec: _, part: __, sum: ___, ...value } = JSON.parse(line);
  return value;
}
