import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asRuntime, openSociety, type SocietyStore, workspacePaths } from '@vivarium/core';
import { FakeClock } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Attendance } from './attendance.ts';

const DAY_SECONDS = 60;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

let root: string;
let clock: FakeClock;
let society: SocietyStore;
let running: boolean;
let attendance: Attendance;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'viv-attendance-'));
  const paths = workspacePaths(root);
  mkdirSync(paths.identities, { recursive: true });
  for (const id of ['ada', 'ben']) writeFileSync(join(paths.identities, `${id}.json`), JSON.stringify({ id, name: id }));
  clock = new FakeClock('2026-11-28T23:59:00.000Z');
  society = await openSociety({ backend: fileBackend(paths, clock) });
  running = true;
  attendance = new Attendance({ society, clock, daySeconds: DAY_SECONDS, running: () => running, log: quiet });
});
afterEach(async () => {
  await society.close();
  await rm(root, { recursive: true, force: true });
});

const body = { identity_id: 'ada', resident_id: 'r1' };
const person = async () => society.profile('ada')?.person;

describe('a resident at work', () => {
  it('wakes once in a cycle, lives a day more in the next, and sleeps when the worker ends', async () => {
    await Promise.all([attendance.begin(body), attendance.begin(body)]);
    await attendance.begin(body);
    expect(await person()).toMatchObject({ days: 1, sessions: 1, awake: { resident_id: 'r1' } });
    clock.advance(DAY_SECONDS * 1_000);
    await attendance.begin(body);
    expect(await person()).toMatchObject({ days: 2, sessions: 1 });
    await attendance.end();
    expect((await person())?.awake).toBeUndefined();
  });

  it('does not wake while the world stands still', async () => {
    running = false;
    await attendance.begin(body);
    expect(await person()).toMatchObject({ days: 0, awake: undefined });
  });

  it('leaves the body alone that another worker has for it', async () => {
    await society.act(asRuntime, 'wake', { identity_id: 'ada', resident_id: 'other', cycle_id: 10 ** 9 });
    await attendance.begin(body);
    await attendance.end();
    expect((await person())?.awake?.resident_id).toBe('other');
  });

  it('gets the grant of a Sunday once, with everybody else', async () => {
    const wallets = async () => society.wallets().map(({ tokens }) => tokens);
    await attendance.sunday();
    expect(await wallets()).toEqual([0, 0]);
    clock.advance(60_000);
    await Promise.all([attendance.sunday(), attendance.sunday()]);
    const again = new Attendance({ society, clock, daySeconds: DAY_SECONDS, running: () => true, log: quiet });
    await again.sunday();
    expect(await wallets()).toEqual([500, 500]);
  });
});
