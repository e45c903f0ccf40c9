import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '../../contract/changes-kit.ts';
import { type Child, end, start, temporaryFolder } from '../kit/processes.ts';
import { leftovers, look, type Seen, told } from './check.ts';
import { copyOf, landOnce, openAt, type Place, placeIn, prepare, restoreOnce } from './place.ts';

export const STRACE = '/usr/bin/strace';
/** strace counts calls by thread: with one thread for files, the n-th call is the n-th call. */
const ONE_THREAD = { UV_THREADPOOL_SIZE: '1' };
const LANDER = 'tests/faults/landing/lander.ts';
const PATIENCE_MS = 90_000;

export type Work = 'land' | 'restore';
/** Whose calls: those of the process that lands, those of its gits on the branch and the index, or of all together. */
export type Whose = 'node' | 'git' | 'all';
export interface Round {
  readonly work: Work;
  readonly whose: Whose;
  readonly call: string;
  /** `signal=SIGKILL`, `error=ENOSPC`, `error=EIO`; of all together `with its gits` or `alone`. */
  readonly what: string;
  readonly at: number;
}

/** Calls after which the disk is another one, or may be. */
const OF_NODE = ['pwrite64', 'fdatasync', 'fsync', 'fchmod', 'link', 'rename', 'unlink', 'mkdir', 'rmdir'];
const OF_GIT = ['openat', 'write', 'close', 'rename', 'unlink', 'fsync'];

/** A place with what it looked like before and how it ends when nothing fails. */
export interface Bench {
  readonly place: Place;
  readonly template: string;
  readonly before: Seen;
  readonly after: Seen;
}

export async function benchFor(work: Work): Promise<Bench> {
  const home = temporaryFolder();
  const place = placeIn(join(home, 'place'));
  await prepare(place, work === 'restore');
  const template = join(home, 'template');
  copyOf(place.folder, template);
  const before = look(place);
  await finish(place, work);
  return { place, template, before, after: look(place) };
}

/** The flags with which strace looks only at whose calls they are. */
function only(whose: Whose, { repository }: Place): string[] {
  if (whose === 'node') return ['-b', 'execve'];
  if (whose === 'all') return [];
  const names = [
    'refs/heads/main',
    'refs/heads/main.lock',
    'index',
    'index.lock',
    'HEAD.lock',
    'logs/HEAD',
    'logs/refs/heads/main',
  ];
  return names.flatMap((name) => ['-P', join(repository, '.git', name)]);
}

function under(bench: Bench, work: Work, whose: Whose, more: readonly string[]): Child {
  copyOf(bench.template, bench.place.folder);
  const flags = ['-f', '-qq', ...only(whose, bench.place), ...more];
  return start(LANDER, [work, bench.place.folder], { under: [STRACE, ...flags], env: ONE_THREAD });
}

/** How often each call is made in the busiest thread of a run in which nothing fails: a fault beyond that would test nothing. */
export async function counted(
  bench: Bench,
  work: Work,
  whose: Whose,
): Promise<readonly (readonly [call: string, times: number])[]> {
  const trace = join(temporaryFolder(), 'trace');
  const calls = whose === 'git' ? OF_GIT : OF_NODE;
  const run = under(bench, work, whose, ['-o', trace, '-e', `trace=${calls.join(',')}`]);
  const { code } = await run.exit;
  if (code !== 0) throw new Error(run.errors.join('\n'));
  const lines = readFileSync(trace, 'utf8').split('\n');
  if (whose === 'all') return [['any', callsIn(lines.join('\n'))]];
  return calls.flatMap((call) => {
    const threads = new Map<string, number>();
    for (const [, thread = ''] of lines.flatMap((line) => [new RegExp(`^(\\d+) +${call}\\(`).exec(line) ?? []]))
      if (thread !== '') threads.set(thread, (threads.get(thread) ?? 0) + 1);
    const times = Math.max(0, ...threads.values());
    return times > 0 ? [[call, times] as const] : [];
  });
}

/** One landing or restore with one fault in it, and what comes after. Returns how the hurt one ended, and what is wrong. */
export async function hurt(bench: Bench, round: Round): Promise<{ ending: string; wrong: string[] }> {
  const { place, before, after } = bench;
  const { work, whose } = round;
  const ending = await (whose === 'all' ? cutOff(bench, round) : injected(bench, round));
  const wrong: string[] = [];
  const is = (what: string, found: unknown, wanted: unknown) => {
    if (JSON.stringify(found) !== JSON.stringify(wanted))
      wrong.push(`${what}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
  };
  const shows = git(place.repository, ['rev-parse', 'main']).trim();
  if (shows !== before.commit) {
    is('parent of what the branch shows', git(place.repository, ['rev-parse', 'main^']).trim(), before.commit);
    is('tree of what the branch shows', git(place.repository, ['rev-parse', 'main^{tree}']).trim(), after.tree);
  }
  is('how it ends after that', await finish(place, work), 'landed');
  const found = look(place);
  is('tree', found.tree, after.tree);
  is('files', found.files, after.files);
  is('index', found.index, after.index);
  is('status', found.status, after.status);
  is('commits', git(place.repository, ['rev-list', '--count', `${before.commit}..main`]).trim(), '1');
  // A disk on which a git cannot take its lock away keeps it; the person is told of it at the next landing.
  if (!(round.call === 'unlink' && round.what.startsWith('error'))) is('left over', leftovers(place), []);
  const landed = told(place, 'landing_finished').filter(({ ok }) => ok);
  is('landings', landed.length, work === 'restore' ? 2 : 1);
  return { ending, wrong };
}

async function injected(bench: Bench, { work, whose, call, what, at }: Round): Promise<string> {
  const run = under(bench, work, whose, ['-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:${what}:when=${at}`]);
  return ended(run);
}

/** Killed at about the n-th call of all its threads and gits together: with every git, or only the process that lands. */
async function cutOff(bench: Bench, { work, what, at }: Round): Promise<string> {
  const run = under(bench, work, 'all', ['-o', '|cat >&2', '-e', `trace=${OF_NODE.join(',')}`]);
  let seen = 0;
  run.process.stderr?.on('data', (chunk: Buffer) => {
    const before = seen;
    seen += callsIn(chunk.toString());
    if (before >= at || seen < at) return;
    end(run.process);
    if (what === 'with its gits') for (const pid of gitsOf(bench.place)) process.kill(pid, 'SIGKILL');
  });
  return ended(run);
}

const callsIn = (text: string): number => text.split('\n').filter((line) => /^(\[pid +)?\d+\]? +\w+\(/.test(line)).length;

/** Every git of ours has an empty folder of the workspace as its current one. */
function gitsOf({ workspace }: Place): number[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(workspace) ? [Number(pid)] : [];
    } catch {
      return [];
    }
  });
}

async function ended(run: Child): Promise<string> {
  const late = setTimeout(() => end(run.process), PATIENCE_MS);
  const { code, signal } = await run.exit;
  clearTimeout(late);
  return signal ?? `code ${code}`;
}

/** What comes after: this process, which is another one, goes on until it is done. */
async function finish(place: Place, work: Work): Promise<string> {
  let said = 'nothing';
  for (let tries = 0; tries < 5 && said !== 'landed'; tries += 1) {
    const world = await openAt(place);
    said = await (work === 'restore' ? restoreOnce : landOnce)(world).catch((error: unknown) => String(error));
    await world.close();
  }
  return said;
}
