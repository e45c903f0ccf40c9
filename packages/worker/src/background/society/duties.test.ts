import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asOwner, asResident, openSociety, type SocietyStore, workspacePaths } from '@vivarium/core';
import { FakeClock } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Duties } from './duties.ts';

const HOUR_MS = 3_600_000;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

let root: string;
let clock: FakeClock;
let society: SocietyStore;
let duties: Duties;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'viv-duties-'));
  const paths = workspacePaths(root);
  mkdirSync(paths.identities, { recursive: true });
  for (const id of ['ada', 'ben', 'cyn', 'dov', 'eve'])
    writeFileSync(join(paths.identities, `${id}.json`), JSON.stringify({ id, name: id }));
  clock = new FakeClock('2026-11-24T12:00:00.000Z');
  society = await openSociety({ backend: fileBackend(paths, clock) });
  duties = new Duties({ society, clock, running: () => true, log: quiet });
});
afterEach(async () => {
  await society.close();
  await rm(root, { recursive: true, force: true });
});

const idIn = (answer: object, key: string) => String((answer as Record<string, unknown>)[key]);

describe('what the runtime owes the society', () => {
  it('opens sealed bids at their time, also when nothing else happened since', async () => {
    const offer = { title: 'Map it', reward: 50, bid_hours: 1 };
    const bounty_id = idIn(await society.act(asOwner, 'create_bounty', offer), 'bounty_id');
    await society.act(asResident('ada'), 'place_bid', { bounty_id, price: 20 });
    await duties.look();
    expect(society.bounties()).toMatchObject([{ status: 'open' }]);
    clock.advance(HOUR_MS);
    await duties.look();
    expect(society.bounties()).toMatchObject([{ status: 'claimed', claimed_by: { id: 'ada' }, reward: 20 }]);
  });
});
