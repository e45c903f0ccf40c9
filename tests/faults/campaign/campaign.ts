import { asOwner, openSociety } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { smallDisk } from '../kit/disk.ts';
import { seeded } from '../kit/processes.ts';
import { FaultWorld } from '../kit/world.ts';
import { checkCampaign } from './check/check.ts';
import { Found } from './check/found.ts';
import { canTrace, checkSynced } from './check/synced.ts';
import { Crew } from './crew.ts';
import { impossible, injure, LEASE_S, takeAwayBroken, type Victim } from './injuries.ts';
import { TownModel } from './model.ts';
import { type InjuryKind, schedule } from './schedule.ts';
import { Town } from './town.ts';

export interface CampaignOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly say: (what: string) => void;
}

export interface CampaignResult {
  readonly injuries: ReadonlyMap<InjuryKind, number>;
  readonly skipped: Partial<Record<InjuryKind | 'trace', string>>;
  readonly found: Found;
}

/** Room for the logs of a campaign; they grow with its length. */
const DISK_MB = 48;
const DISK_MB_PER_MINUTE = 24;
/** Small enough that the cap is met again and again, so that the person has to start the count anew. */
const CAP_USD = '0.02';
/** How long a healthy worker may need for what is left. */
const HEALING_MS = 120_000;

/** Injure a running world in every way at once for so long, heal it, and let the checker look at what it left behind. */
export async function runCampaign({ seed, minutes, say }: CampaignOptions): Promise<CampaignResult> {
  const megabytes = DISK_MB + Math.ceil(minutes * DISK_MB_PER_MINUTE);
  const disk = smallDisk(megabytes);
  const model = new TownModel(seeded(seed + 1));
  const world = await FaultWorld.open({
    ...(disk === undefined ? {} : { root: disk }),
    model: model.handler,
    env: { SWARM_BUDGET_LIMIT: CAP_USD, VIVARIUM_LEASE_SECONDS: String(LEASE_S) },
  });
  const town = new Town(world, seeded(seed + 2));
  const crew = new Crew(world);
  const victim: Victim = {
    world,
    crew,
    model,
    town,
    diskBytes: disk === undefined ? undefined : megabytes * 2 ** 20,
    flood: { sent: 0, refused: 0, unanswered: 0, broke: [] },
    fullDisk: [],
    missed: [],
    damaged: new Set(),
  };
  await crew.start();
  say(`the world at ${world.root} runs; injuring it for ${Math.round(minutes * 60)} s`);
  const living = town.live();
  const injuries = await injure(victim, schedule(seed, minutes * 60_000));
  town.close();
  await living;
  const found = new Found();
  found.count('injuries that did not land', victim.missed.length);
  await heal(victim, found, say);
  say('checking');
  if (canTrace()) await checkSynced(found, world);
  await checkCampaign(found, victim);
  const skipped = { ...impossible(victim.diskBytes), ...(canTrace() ? {} : { trace: 'strace is not installed' }) };
  return { injuries, skipped, found };
}

/** The chaos is over: everybody is ended, then healthy processes and the person finish what is left. */
async function heal({ world, crew, model, town }: Victim, found: Found, say: (what: string) => void): Promise<void> {
  model.beWell();
  await crew.close();
  takeAwayBroken(world.paths.queue);
  say(`healing; ${crew.freezes.length} freezes, ${world.lives.length} processes so far`);
  await Promise.all([world.serve('api'), town.resetBudget()]);
  for (const decisions of [0, 20]) {
    for (let n = 0; n < decisions; n++) await town.decideOne().catch(() => undefined);
    await hurryTimers(world);
    await finish(world, found);
  }
  await closeBounties(world, crew.nextBounty);
  await world.stop();
}

async function finish(world: FaultWorld, found: Found): Promise<void> {
  const { child } = world.launch('worker', ['run', '--until-idle', '--concurrency', '16']);
  const late = setTimeout(() => {
    found.broke('nothing gets stuck', `a healthy worker was not done within ${HEALING_MS} ms`);
    child.process.kill('SIGKILL');
  }, HEALING_MS);
  const { code } = await child.exit;
  clearTimeout(late);
  if (code !== 0 && code !== null)
    found.broke('nothing runs loose', `a healthy worker ended with ${code}: ${child.errors.slice(-2).join(' ')}`);
}

/** Nobody waits for a timer of a minute: `retry` runs the task now. */
async function hurryTimers(world: FaultWorld): Promise<void> {
  await world.withStore(async (store) => {
    for (const { task, not_before } of store.list({ statuses: ['requeue'], limit: 1_000 }).records)
      if (not_before !== undefined) await store.decide(task.id, { kind: 'retry' }, 'person');
  });
}

/** The last trader finishes what killed ones began; after that the person pays what was handed in and takes back the rest. */
async function closeBounties(world: FaultWorld, next: number): Promise<void> {
  await world.launch('trader', [world.root, String(Math.max(0, next - 1)), '3']).child.exit;
  const society = await openSociety({ backend: fileBackend(world.paths) });
  for (const { id, status } of society.world.society.bounties.values())
    if (status === 'open' || status === 'claimed')
      for (const end of ['complete_bounty', 'cancel_bounty']) await society.ask(asOwner, end, { bounty_id: id });
  await society.publish();
  await society.close();
}
