import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkWorld, clean } from './kit/check-world.ts';
import { end, hasProgram, temporaryFolder } from './kit/processes.ts';
import { FaultWorld } from './kit/world.ts';

const STRACE = '/usr/bin/strace';
/** strace counts calls by thread: with one thread for files, the n-th call is the n-th call. */
const ONE_THREAD = { UV_THREADPOOL_SIZE: '1' };
const full = process.env['VIVARIUM_FAULTS'] === 'full';
const BATCH = 20;
/** A worker that cannot go on although it says so must not hold up the campaign. */
const PATIENCE_MS = full ? 180_000 : 60_000;

type Call = 'write' | 'fdatasync' | 'rename' | 'link' | 'unlink';

/** Only the logs: an error in a write to a socket or an event descriptor is no fault of a disk. */
const logsOf = (world: FaultWorld): string[] =>
  [world.paths.executionLog, world.paths.tokenLedger, world.paths.safetyAudit, world.paths.actionLog].flatMap((file) => [
    '-P',
    file,
  ]);

const batch = (name: string): object[] =>
  Array.from({ length: BATCH }, (_, n) => ({ id: `${name}-${n}`, command: `echo done ${name} ${n}` }));

/** Run a worker over what waits, under strace; a worker that does not end is killed. */
async function under(world: FaultWorld, calls: readonly Call[], inject: readonly string[], trace = '/dev/null') {
  const only = ON_LOGS.some((call) => calls.includes(call)) ? logsOf(world) : [];
  // The filter makes strace fast, but strace sends no signal under it.
  const quick = inject.some((part) => part.includes('signal=')) ? [] : ['--seccomp-bpf'];
  const args = [
    '-f',
    '-qq',
    ...quick,
    '-o',
    trace,
    ...only,
    ...(calls.length > 0 ? ['-e', `trace=${calls.join(',')}`] : []),
    ...inject,
  ];
  const life = world.launch('worker', ['run', '--until-idle'], { under: [STRACE, ...args], env: ONE_THREAD });
  const late = setTimeout(() => end(life.child.process), PATIENCE_MS);
  const ended = await life.child.exit;
  clearTimeout(late);
  return { ...ended, errors: life.child.errors.join('\n') };
}

/** How many of these calls a clean run of twenty tasks makes in its busiest thread: a fault beyond that would test nothing. */
async function count(world: FaultWorld, calls: readonly Call[]): Promise<[Call, number][]> {
  await world.add(batch(`count-${calls[0]}`));
  const trace = join(temporaryFolder(), 'trace');
  const run = await under(world, calls, [], trace);
  expect(run.code, run.errors).toBe(0);
  const lines = readFileSync(trace, 'utf8').split('\n');
  return calls.map((call) => {
    const threads = new Map<string, number>();
    for (const [, thread = ''] of lines.flatMap((line) => [new RegExp(`^(\\d+) +${call}\\(`).exec(line) ?? []]))
      if (thread !== '') threads.set(thread, (threads.get(thread) ?? 0) + 1);
    return [call, Math.max(0, ...threads.values())];
  });
}

/** Every point in the full campaign; otherwise these, as shares of the whole run. */
function points(total: number, shares: readonly number[]): number[] {
  if (full) return Array.from({ length: total }, (_, n) => n + 1);
  return [...new Set(shares.map((share) => 1 + Math.floor(share * (total - 1))))];
}

const ON_LOGS: readonly Call[] = ['write', 'fdatasync'];
const ON_NAMES: readonly Call[] = ['rename', 'link', 'unlink'];
const FAULTS: readonly (readonly [what: string, shares: readonly number[]])[] = [
  ['error=ENOSPC', [0]],
  ['error=EIO', [0.6]],
  ['signal=SIGKILL', [0.4]],
];

/** All calls on one world, or each call on one of its own where every point is tried. */
const GROUPS: readonly (readonly Call[])[] = full ? [...ON_LOGS, ...ON_NAMES].map((call) => [call]) : [[...ON_LOGS, ...ON_NAMES]];

describe.skipIf(!hasProgram(STRACE))('a worker on a failing disk', () => {
  it.each(GROUPS)(
    'says so and ends or goes on; a healthy one finishes, whatever %s fails or is the last',
    {
      timeout: full ? 7_200_000 : 400_000,
    },
    async (...calls) => {
      const world = await FaultWorld.open();
      await world.serve('api');
      const totals = [];
      for (const group of [ON_LOGS, ON_NAMES]) {
        const wanted = group.filter((call) => calls.includes(call));
        if (wanted.length > 0) totals.push(...(await count(world, wanted)));
      }
      const endings = new Map<string, number>();
      let tried = 0;
      for (const [call, total] of totals)
        for (const [what, shares] of FAULTS)
          for (const at of points(total, shares)) {
            tried += 1;
            const ending = `${call} ${what} ${await hurt(world, call, what, at)}`;
            endings.set(ending, (endings.get(ending) ?? 0) + 1);
          }
      await world.stop();
      await world.heal();
      const found = checkWorld({ root: world.root, purchases: [], apiDeaths: [] });
      process.stdout.write(
        `${JSON.stringify({ faultPoints: tried, calls: Object.fromEntries(totals), endings: Object.fromEntries(endings), ...found })}\n`,
      );
      for (const [call] of totals) expect([...endings.keys()], call).toContain(`${call} signal=SIGKILL SIGKILL`);
      expect(found).toMatchObject({ tasks: BATCH * (tried + (full ? 1 : 2)), ...clean });
    },
  );

  it('ends when the ledger of rewards cannot be synced; the next one pays what is due', { timeout: 120_000 }, async () => {
    const world = await FaultWorld.open();
    await world.serve('api');
    await world.add(batch('paid'));
    const inject = ['-P', world.paths.tokenLedger, '-e', 'inject=fdatasync:error=EIO:when=2+'];
    const run = await under(world, [], [...inject, '-e', 'trace=fdatasync']);
    expect(run.code, run.errors).toBe(1);
    expect(run.errors).toContain('A sync of the log failed');
    await world.stop();
    await world.heal();
    const found = checkWorld({ root: world.root, purchases: [], apiDeaths: [] });
    expect(found).toMatchObject({ tasks: BATCH, rewards: BATCH, ...clean });
  });
});

/** One run of twenty fresh tasks, and what former runs left, with one fault in it. Returns how it ended. */
async function hurt(world: FaultWorld, call: Call, what: string, at: number): Promise<string> {
  const name = `${call}-${what.slice(what.indexOf('=') + 1)}-${at}`;
  await world.add(batch(name));
  const run = await under(world, [call], ['-e', `inject=${call}:${what}:when=${at}`]);
  const ending = run.signal ?? `code ${run.code}`;
  if (!what.startsWith('error')) return ending;
  expect([0, 1], `${name}: ${ending}\n${run.errors}`).toContain(run.code);
  if (run.code === 1) expect(run.errors, name).toMatch(/fix: ./);
  return ending;
}
