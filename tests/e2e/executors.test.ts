/** Executors in their sandbox: what they can do, what they cannot, and how they end. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ask, type ExecutorEnd, executorNamed, openDoor, readExecutors, runExecutor } from '@vivarium/changes';
import { systemClock, VivariumError } from '@vivarium/core';
import { requires } from '@vivarium/core/testing';
import { findTools } from '@vivarium/sandbox';
import { afterEach, describe, expect, it } from 'vitest';
import { cliHere } from './cli-here.ts';

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'executor');
const INSTALLATION = join(import.meta.dirname, '..', '..');

class Refused extends VivariumError {
  readonly code: string;
  readonly status: number;
  readonly disposition = 'hold_for_person';

  constructor(code: string, status: number) {
    super(code, {});
    this.code = code;
    this.status = status;
  }
}

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function aPlace(...deep: string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'viv-exec-'));
  closers.push(() => rmSync(root, { recursive: true, force: true }));
  const place = join(root, ...deep);
  mkdirSync(place, { recursive: true });
  return place;
}

const profileOf = (program: string) => ({
  folder: FIXTURES,
  needs: [program],
  protocol: 'chat',
  argv: ['node', `{folder}/${program}`, '{url}', '{key}'],
  version: ['node', '-e', 'console.log("1.2.3")'],
});

/** A workspace that knows the fake executor and the hostile one. */
function aWorkspace(executors: object = { fake: profileOf('fake.mjs'), hostile: profileOf('hostile.mjs') }): string {
  const workspace = aPlace();
  mkdirSync(join(workspace, 'config'));
  writeFileSync(join(workspace, 'config', 'executors.json'), JSON.stringify({ version: 1, executors }));
  return workspace;
}

interface Hostile {
  readonly ask?: Ask;
  readonly signal?: AbortSignal;
  readonly place?: string;
  readonly limits?: object;
}

/** The hostile executor at some act over a folder with one file; what it printed, and how it ended. */
async function hostile(
  act: object,
  { ask = async () => ({ text: 'yes', tool_calls: [], truncated: false }), ...more }: Hostile = {},
): Promise<ExecutorEnd & { printed: string[]; folder: string }> {
  const place = more.place ?? aPlace();
  const folder = join(place, 'work');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.txt'), 'as it was');
  const executor = executorNamed(readExecutors({ installation: INSTALLATION, workspace: aWorkspace() }), 'hostile');
  const host = { tools: findTools(), clock: systemClock, installation: INSTALLATION, runFolder: join(place, 'run') };
  const limits = { memory_mb: 1_024, disk_mb: 64, processes: 64 };
  const signal = more.signal ?? new AbortController().signal;
  const job = { executor, folder, prompt: JSON.stringify(act), ask, limits, signal, doorLimits: more.limits ?? {} };
  const end = await runExecutor(host, job);
  return { ...end, folder, printed: end.cage.stdout.split('\n').filter(Boolean) };
}

/** A server on a port of this machine, as the API and the panel are. */
async function aPort(): Promise<number> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

describe('the list of executors', () => {
  it('has the built-in one, those that are set up, and those that wait for a folder', async () => {
    const { code, stdout } = await cliHere({ root: aWorkspace() }, ['executor', 'list', '--json']);
    const rows = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    expect([code, rows.map(({ executor, state }) => `${executor} ${state}`)]).toEqual([
      0,
      [
        'built-in ready',
        'pi no_folder',
        'opencode no_folder',
        'codex no_folder',
        'qwen-code no_folder',
        'fake ready',
        'hostile ready',
      ],
    ]);
  });

  it('names what is wrong by its field and ends with 1; what cannot be used cannot be tried', async () => {
    const root = aWorkspace({ fake: { ...profileOf('fake.mjs'), needs: ['gone.mjs'] } });
    const listed = await cliHere({ root }, ['executor', 'list']);
    expect([listed.code, listed.stderr]).toEqual([1, expect.stringMatching(/executors\.fake\.folder: gone\.mjs is not in /)]);
    for (const [name, said] of [
      ['fake', 'gone.mjs is not in'],
      ['pi', 'npm install @mariozechner'],
      ['nobody', 'there is no executor nobody'],
    ]) {
      const tried = await cliHere({ root }, ['executor', 'try', name ?? '']);
      expect([tried.code, tried.stderr]).toEqual([2, expect.stringContaining(said ?? '')]);
    }
  });
});

describe.runIf(requires('bwrap'))('an executor in its sandbox', () => {
  it('mends the sample, asks by its protocol, and costs nothing to try', async () => {
    const done = await cliHere({ root: aWorkspace() }, ['executor', 'try', 'fake', '--json']);
    expect([done.code, JSON.parse(done.stdout)]).toEqual([
      0,
      expect.objectContaining({ executor: 'fake', version: '1.2.3', protocol: 'chat', calls: 2, edited: true, exit_code: 0 }),
    ]);
  });

  it('says so when it did not', async () => {
    const workspace = aWorkspace({ idle: { ...profileOf('fake.mjs'), argv: ['/bin/echo', 'all tests passed'] } });
    const done = await cliHere({ root: workspace }, ['executor', 'try', 'idle', '--json']);
    expect([done.code, JSON.parse(done.stdout)]).toEqual([
      1,
      expect.objectContaining({ calls: 0, edited: false, said: 'all tests passed' }),
    ]);
  });

  it('reaches no port, no other socket, no other path, and nothing of the machine (attacks 43, 44)', async () => {
    const place = aPlace();
    const ask: Ask = async () => ({ text: 'yes', tool_calls: [], truncated: false });
    const other = await openDoor({ folder: join(place, 'other'), ask, clock: systemClock, signal: new AbortController().signal });
    closers.push(() => other.close());
    const act = {
      ...{ act: 'look', ports: [await aPort(), 8420, 8421], sockets: [other.socket], hosts: ['192.0.2.1', 'example.org'] },
      ...{ keys: [other.key, '', 'Bearer'], paths: [place, INSTALLATION, '/root', '/etc/shadow'], words: [place, FIXTURES] },
    };
    const { printed, cage } = await hostile(act, { place });
    expect([cage.exit_code, JSON.parse(printed[0] ?? '{}')]).toEqual([
      0,
      {
        tcp: ['ECONNREFUSED', 'ECONNREFUSED', 'ECONNREFUSED'],
        unix: ['ENOENT'],
        far: [expect.stringMatching(/ENETUNREACH|EHOSTUNREACH/), expect.stringMatching(/EAI_AGAIN|ENOTFOUND/)],
        routes: [404, 404, 404, 404],
        keys: [401, 401, 401],
        seen: [],
        told: [],
        run: expect.arrayContaining(['gate.sock', 'home', 'launch.mjs']),
      },
    ]);
  });

  it('asks through its socket however deep the workspace lies', async () => {
    const deep = Array.from({ length: 9 }, () => 'a-folder-with-a-long-name');
    const { printed, cage } = await hostile({ act: 'ask' }, { place: aPlace(...deep) });
    expect([printed, cage.exit_code]).toEqual([['200'], 0]);
  });
});

describe.runIf(requires('bwrap'))('an executor that does not stop', () => {
  it('gets 200 of 1,000 calls at once, none of them dear, and is ended (attack 45)', async () => {
    const asked: unknown[] = [];
    const ask: Ask = async ({ max_tokens }) => {
      asked.push(max_tokens);
      return { text: 'yes', tool_calls: [], truncated: false };
    };
    const { refused, cage } = await hostile({ act: 'flood', calls: 1_000 }, { ask, limits: { refused_ms: 2_000 } });
    expect(asked.length).toBeLessThanOrEqual(200);
    expect([refused?.name, cage.aborted]).toEqual(['ExecutorLimitError', true]);
  });

  it('has six calls when it cannot pay, and is over at once', async () => {
    const ask: Ask = () => Promise.reject(new Refused('VIV_BUDGET_EXCEEDED', 402));
    const { calls, cage, refused } = await hostile({ act: 'insist' }, { ask });
    expect([refused?.message, cage.aborted]).toEqual(['VIV_BUDGET_EXCEEDED', true]);
    expect(calls).toBeLessThanOrEqual(7);
    expect(cage.duration_ms).toBeLessThan(10_000);
  });

  it('is over in its time when it was refused and only waits, with all that it started', async () => {
    const ask: Ask = () => Promise.reject(new Refused('VIV_BUDGET_EXCEEDED', 402));
    const { printed, cage } = await hostile({ act: 'stay' }, { ask, limits: { refused_ms: 300 } });
    expect([printed, cage.aborted]).toEqual([['402'], true]);
  });

  it('is dead within a second of HALT, its children too', async () => {
    const halt = new AbortController();
    let halted = 0;
    const ask: Ask = async () => {
      setImmediate(() => {
        halted = performance.now();
        halt.abort(new Refused('VIV_HALTED', 423));
      });
      return { text: 'yes', tool_calls: [], truncated: false };
    };
    const { cage } = await hostile({ act: 'stay' }, { ask, signal: halt.signal });
    expect([cage.aborted, performance.now() - halted < 1_000]).toEqual([true, true]);
  });

  it('has changed nothing by saying that all tests passed (attack 46)', async () => {
    const { printed, folder, cage } = await hostile({ act: 'boast' });
    expect([printed, cage.exit_code]).toEqual([['"all tests passed"'], 0]);
    expect([readdirSync(folder), readFileSync(join(folder, 'a.txt'), 'utf8')]).toEqual([['a.txt'], 'as it was']);
  });
});
