import { appendFileSync, readdirSync, readFileSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { asOwner, asRuntime, openSociety } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { FAKETIME } from '../kit/clock.ts';
import { resizeDisk } from '../kit/disk.ts';
import { seeded } from '../kit/processes.ts';
import { type Line, readLog } from '../kit/read-log.ts';
import type { FaultWorld } from '../kit/world.ts';
import type { Crew } from './crew.ts';
import { cliFlood, type FloodCount, httpFlood, socketFlood } from './floods.ts';
import { MOODS, type TownModel } from './model.ts';
import type { Injury, InjuryKind } from './schedule.ts';
import type { Town } from './town.ts';

export const LEASE_S = 4;
/** Logs into which nobody but the product should write. */
const LOGS: readonly RegExp[] = [
  /^execution_log(\.\d+)?\.jsonl$/,
  /^(budget_ledger|ledger|executions|steps|effects|skills)(\.\d+)?\.jsonl$/,
];

/** All that an injury can reach, and what it leaves for the checker to know. */
export interface Victim {
  readonly world: FaultWorld;
  readonly crew: Crew;
  readonly model: TownModel;
  readonly town: Town;
  /** Its size when it is whole; undefined: this user may mount nothing, so the disk is never full. */
  readonly diskBytes: number | undefined;
  readonly flood: FloodCount;
  /** When the disk was full, in the campaign's wall clock. */
  readonly fullDisk: { readonly from: number; to: number }[];
  /** Injuries that could not be done, e.g. because the disk was full for whoever does them as well. */
  readonly missed: string[];
  /** Logs that were damaged, by name. */
  readonly damaged: Set<string>;
}

type Random = () => number;
const INJURIES: Readonly<Record<InjuryKind, (victim: Victim, random: Random) => unknown>> = {
  kill: ({ crew }, random) => crew.kill(crew.choose(random)),
  term: ({ crew }, random) => crew.end(crew.choose(random)),
  stop: ({ crew }, random) => crew.freeze(crew.choose(random), 300 + random() * 2_200),
  freeze: ({ crew }, random) => crew.freeze(crew.choose(random, 'worker'), (LEASE_S + 0.5 + random() * 3) * 1_000),
  full_disk: fillDisk,
  garbage: spoilLog,
  clock: ({ crew }, random) => crew.shiftClock(random),
  provider: ({ model }, random) => model.be(MOODS[Math.floor(random() * MOODS.length)] ?? 'error', 1_000 + random() * 3_000),
  hand_edit: editQueue,
  broken_edit: breakQueue,
  late_commit: ({ town }, random) => town.speakLate(random()),
  repeated_act: repeatActs,
  http_flood: ({ world, flood }, random) => httpFlood(world, random, flood),
  socket_flood: ({ world, flood }, random) => socketFlood(world, random, flood),
  cli_flood: ({ world, flood }, random) => cliFlood(world, random, flood),
};

/** Kinds that cannot be done on this machine, and why. */
export function impossible(diskBytes: number | undefined): Partial<Record<InjuryKind, string>> {
  return {
    ...(diskBytes === undefined ? { full_disk: 'this user may not mount a small file system' } : {}),
    ...(FAKETIME === undefined ? { clock: 'libfaketime is not installed' } : {}),
  };
}

/** Do every injury at its time, whatever the others are doing; resolves when the last one is over. */
export async function injure(victim: Victim, injuries: readonly Injury[]): Promise<Map<InjuryKind, number>> {
  const done = new Map<InjuryKind, number>();
  const skipped = impossible(victim.diskBytes);
  const started = performance.now();
  const running: Promise<void>[] = [];
  for (const { at_ms, kind, seed } of injuries) {
    await sleep(Math.max(0, at_ms - (performance.now() - started)));
    if (skipped[kind] !== undefined) continue;
    const landed = async () => {
      await INJURIES[kind](victim, seeded(seed));
      done.set(kind, (done.get(kind) ?? 0) + 1);
    };
    running.push(landed().catch((cause: unknown) => void victim.missed.push(`${kind}: ${String(cause)}`)));
  }
  await Promise.all(running);
  return done;
}

/** Leave not a page free, and give the room back after a while. */
async function fillDisk({ world, diskBytes, fullDisk }: Victim, random: Random): Promise<void> {
  const { blocks, bfree, bsize } = statfsSync(world.root);
  const full = { from: Date.now(), to: Number.POSITIVE_INFINITY };
  fullDisk.push(full);
  resizeDisk(world.root, (blocks - bfree + 1) * bsize);
  await sleep(800 + random() * 2_000);
  if (!resizeDisk(world.root, diskBytes ?? 0)) throw new Error('the small disk could not be given its size back');
  full.to = Date.now();
}

/** Append what a crash, a bad disk or a careless editor leaves: half a line, bytes, foreign lines, a line that was changed. */
function spoilLog({ world, damaged }: Victim, random: Random): void {
  const folders = [world.root, world.paths.swarm];
  const logs = folders.flatMap((folder) =>
    readdirSync(folder).flatMap((name) => (LOGS.some((log) => log.test(name)) ? [join(folder, name)] : [])),
  );
  const file = logs[Math.floor(random() * logs.length)];
  if (file === undefined) return;
  const line = readFileSync(file, 'utf8').split('\n').find(Boolean) ?? '{"a":1}';
  const spoils: (() => string | Buffer)[] = [
    () => line.slice(0, Math.ceil(line.length * random())),
    () => Buffer.from(Array.from({ length: 200 }, () => Math.floor(random() * 256))),
    () => `${line.replace(/"timestamp":"2/, '"timestamp":"1')}\n`,
    () => '{"event":"task_added","task_id":"intruder","status":"queued","task":{"id":"intruder","prompt":"x"}}\n',
    () => '\u0000\u0000\u0000\n\n}{\n',
  ];
  const spoil = spoils[Math.floor(random() * spoils.length)]?.() ?? '';
  try {
    appendFileSync(file, spoil);
    if (spoil.length > 0) damaged.add(file);
  } catch {
    // The disk is full just now.
  }
}

/** Add a task as a person does with an editor: read, change, save, in place or by a rename. */
function editQueue({ world, town }: Victim, random: Random): void {
  const { queue } = world.paths;
  const task = town.work.byHand();
  let before = '';
  try {
    before = readFileSync(queue, 'utf8');
    const document = JSON.parse(before);
    document.tasks.push(task);
    const text = JSON.stringify(document, null, 2);
    const way = random();
    if (way < 0.5) writeFileSync(queue, text);
    else {
      writeFileSync(`${queue}.new`, text);
      renameSync(`${queue}.new`, queue);
    }
    town.byHand.set(String(task['id']), way < 0.5 ? 'in place' : 'by a rename');
  } catch {
    // No file, a broken one, or no room: nothing was saved, and half a file is taken away again.
    if (takeAwayBroken(queue)) town.spoiled(before);
  }
}

/** Ask the society's door again for what it did already: rewards of tasks, and the pay of bounties. */
async function repeatActs({ world }: Victim, random: Random): Promise<void> {
  const entries = readLog(world.paths.tokenLedger).map(({ kind, data }) => ({ kind, data: { ...(data as Line | undefined) } }));
  const rewards = entries.filter(({ kind }) => kind === 'under_budget_reward');
  const pay = entries.filter(({ kind }) => kind === 'bounty_completed');
  const any = (from: typeof entries) => from[Math.floor(random() * from.length)]?.data;
  const society = await openSociety({ backend: fileBackend(world.paths) });
  try {
    for (const reward of [any(rewards), any(rewards)]) if (reward) await society.ask(asRuntime, 'reward_task', askedFor(reward));
    for (const paid of [any(pay), any(pay)])
      if (paid) await society.ask(asOwner, 'complete_bounty', { bounty_id: paid['bounty_id'] });
  } finally {
    await society.close();
  }
}

const askedFor = ({ task_id, identity_id, tokens_requested, budget_used, max_budget, review_confidence }: Line) => ({
  task_id,
  identity_id,
  tokens: tokens_requested,
  budget_used,
  max_budget,
  review_confidence,
});

/** Save half a file; a moment later the person sees it and takes it away, so that it is written anew. */
async function breakQueue({ world, town }: Victim, random: Random): Promise<void> {
  const { queue } = world.paths;
  try {
    const text = readFileSync(queue, 'utf8');
    town.spoiled(text);
    writeFileSync(queue, text.slice(0, Math.floor(text.length * (0.2 + random() * 0.7))));
  } catch {
    return;
  }
  await sleep(1_500);
  takeAwayBroken(queue);
}

/** What a person does with a `queue.json` that does not parse; it is written anew. False: it was whole. */
export function takeAwayBroken(queue: string): boolean {
  try {
    JSON.parse(readFileSync(queue, 'utf8'));
    return false;
  } catch {
    rmSync(queue, { force: true });
    return true;
  }
}
