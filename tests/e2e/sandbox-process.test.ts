import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { requires as unshares } from '@vivarium/core/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type LocalResult, type LocalRunner, openLocalRunner } from '../../packages/api/src/local/index.ts';
import { aWorld, INSTALLATION, SECRET, type World } from './sandbox.fixture.ts';
import { requires } from './sandbox.requires.ts';

const FIRST_PROCESS = fileURLToPath(new URL('./fixtures/first-process.ts', import.meta.url));
const FREE = { about: 'for tests', free_text: true, operands: { rest: 'text', min: 0, max: 100 }, reads: 'trees' };

/** An installation whose policy also allows a shell, so that a test can try what a hostile program would. */
async function anInstallation(changes: Record<string, unknown> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'viv-installation-'));
  await mkdir(join(folder, 'config'));
  const policy = JSON.parse(await readFile(join(INSTALLATION, 'config/commands.json'), 'utf8'));
  const merged = { ...policy, programs: { ...policy.programs, sh: FREE }, ...changes };
  await writeFile(join(folder, 'config/commands.json'), JSON.stringify(merged));
  return folder;
}

const missing = requires('bwrap') ?? requires('rg');

describe.skipIf(missing !== undefined)(`a program in the sandbox${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let world: World;
  let installation: string;
  let runner: LocalRunner;
  const run = (command: string, more: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<LocalResult> =>
    runner.runLocal({ command, timeoutMs: 20_000, paths: world.paths, ...more });
  const ran = async (command: string, more?: { timeoutMs?: number; signal?: AbortSignal }) => {
    const result = await run(command, more);
    if (result.kind !== 'ran') throw new Error(`${result.rule}: ${result.reason}`);
    return result;
  };

  beforeAll(async () => {
    world = await aWorld();
    installation = await anInstallation();
    runner = await openLocalRunner({ installation });
  });
  afterAll(async () => {
    await world.remove();
    await rm(installation, { recursive: true });
  });

  it('reports its sandbox', async () => {
    const status = await runner.sandboxStatus();
    expect(status).toMatchObject({ mode: 'sandboxed' });
    expect(status.programs.find(({ name }) => name === 'rg')?.path).toBe('/usr/bin/rg');
  });

  it('sees no secret, whatever it opens', async () => {
    const everything = `sh -c 'for f in $(find . /tmp /home /root -type f 2>/dev/null); do cat $f 2>/dev/null; done; ls -a .swarm'`;
    const result = await ran(everything);
    expect(result.output).toContain('Hello residents');
    expect(result.output).not.toContain(SECRET);
  });

  it('has a small fixed environment, no capability, no other process and an unprivileged user', async () => {
    const { output } = await ran(`sh -c 'env; id -u; grep CapEff /proc/self/status; ls -d /proc/[0-9]* | wc -l'`);
    expect(
      output
        .split('\n')
        .filter((line) => /^\w+=/.test(line))
        .map((line) => line.split('=')[0])
        .sort(),
    ).toEqual(['HOME', 'LANG', 'LC_ALL', 'OLDPWD', 'PATH', 'PWD', '_'].filter((name) => output.includes(`${name}=`)).sort());
    expect(output).toMatch(/^65534$/m);
    expect(output).toMatch(/CapEff:\s+0+$/m);
  });

  it('writes nowhere but in its own scratch folder', async () => {
    const { output } = await ran(
      `sh -c 'echo x > new.txt || echo refused; echo x > /usr/x || echo refused; echo y > /tmp/y && cat /tmp/y'`,
    );
    expect(output.match(/refused/g)).toHaveLength(2);
    expect(output).toContain('y\n');
    await expect(readFile(join(world.root, 'new.txt'))).rejects.toThrow();
  });

  it('reaches no network, not even this machine', async () => {
    let connections = 0;
    const server = createServer(() => (connections += 1)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { output } = await ran(
      `sh -c 'exec 2>&1; bash -c "echo hi > /dev/tcp/127.0.0.1/${port}" || echo unreachable; tail -n +3 /proc/net/dev'`,
    );
    server.close();
    expect(output).toContain('unreachable');
    expect(output).not.toMatch(/eth|ens|wlan/);
    expect(connections).toBe(0);
  });

  it('is killed with its grandchildren when its time is over', async () => {
    const began = performance.now();
    const marker = `vivarium-grandchild-${process.pid}`;
    const result = await ran(`sh -c '(setsid sh -c "exec -a ${marker} sleep 300" & ) ; (sleep 300 & sleep 300)'`, {
      timeoutMs: 300,
    });
    expect(result).toMatchObject({ timed_out: true, aborted: false, exit_code: 124 });
    expect(performance.now() - began).toBeLessThan(1_300);
    await gone(marker);
  });

  it('is killed within a second of an abort', async () => {
    const stop = new AbortController();
    const pending = ran(`sh -c 'trap "" TERM INT HUP; sleep 300 & wait; sleep 300'`, { signal: stop.signal });
    setTimeout(() => stop.abort(), 150);
    const began = performance.now();
    expect(await pending).toMatchObject({ aborted: true, timed_out: false, exit_code: 130 });
    expect(performance.now() - began).toBeLessThan(1_150);
  });

  it('does not start when it is already aborted', async () => {
    expect(await ran('ls', { signal: AbortSignal.abort() })).toMatchObject({ aborted: true, output: '' });
  });

  it('keeps 256 KB of its output and says what it cut', async () => {
    const result = await ran(`sh -c 'head -c 1000000 /dev/zero | tr "\\0" "é"; echo why >&2; exit 3'`);
    expect(result).toMatchObject({ truncated: true, exit_code: 3 });
    expect(Buffer.byteLength(result.output)).toBeLessThanOrEqual(262_144);
    expect(Buffer.byteLength(result.output)).toBeGreaterThan(260_000);
    expect(result.output).toMatch(/why\n+\[output cut: the first \d+ of 1000004 bytes are kept\]$/);
  });

  it('is held to its memory, file size and processor time', async () => {
    expect((await ran(`sh -c 'tail /dev/zero'`)).exit_code).not.toBe(0);
    expect((await ran(`sh -c 'head -c 90000000 /dev/zero > /tmp/big'`)).exit_code).not.toBe(0);
    expect((await ran(`sh -c 'ulimit -t; ulimit -c'`)).output).toBe('21\n0\n');
  });

  it('is stopped, and told why, when all its processes together pass a limit', async () => {
    const limits = { memory_bytes: 150_000_000, processes: 16 };
    const small = await anInstallation({ programs: { sh: { ...FREE, limits } } });
    const { runLocal } = await openLocalRunner({ installation: small });
    const run = (script: string) => runLocal({ command: `sh -c '${script}'`, timeoutMs: 20_000, paths: world.paths });
    const memory = await run('for n in 1 2 3; do perl -e "push @a, q(x) x 1048576 for 1..90; sleep 30" & done; wait');
    expect(memory).toMatchObject({ exit_code: 137, timed_out: false });
    expect(memory.kind === 'ran' && memory.output).toMatch(/\[stopped: .* took \d+ MB of memory; 144 are allowed\]/);
    const processes = await run('for n in $(seq 40); do sleep 30 & done; wait');
    expect(processes.kind === 'ran' && processes.output).toMatch(/stopped: it had \d+ processes; 16 are allowed|Cannot fork/);
    await rm(small, { recursive: true });
  });

  it('ends with the exit code of its program', async () => {
    expect(await ran(`sh -c 'echo out; echo err >&2; exit 7'`)).toMatchObject({
      exit_code: 7,
      output: 'out\nerr\n',
      truncated: false,
    });
    expect((await ran(`sh -c 'kill -SEGV $$'`)).exit_code).toBe(139);
  });

  it.runIf(unshares('unshare'))('leaves no zombie to a process 1 that collects none', async () => {
    const commands = ['true', 'sleep 300 & exit 3', 'setsid sleep 300 & sleep 0.1', '(sleep 300 &); sleep 300', 'kill -SEGV $$'];
    const script = ['--conditions', '@vivarium/source', '--import', 'tsx', FIRST_PROCESS, installation, world.root];
    const own = ['--pid', '--fork', '--mount-proc', '--kill-child', process.execPath];
    const shells = commands.map((command) => `sh -c '${command}'`);
    const { stdout } = await promisify(execFile)('unshare', [...own, ...script, ...shells]);
    expect(JSON.parse(stdout)).toEqual({ pid: 1, zombies: [] });
  });

  it('leaves nothing behind that outlives it', async () => {
    const marker = `vivarium-left-behind-${process.pid}`;
    await ran(`sh -c 'setsid bash -c "exec -a ${marker} sleep 300" >/dev/null 2>&1 &'`);
    await gone(marker);
  });
});

describe('a program without a sandbox', () => {
  it('is killed with its grandchildren when its time is over, and what it leaves behind goes when it ends', async () => {
    const installation = await anInstallation({ programs: { sh: { ...FREE, reads: 'nothing' } } });
    const world = await aWorld();
    const runner = await openLocalRunner({ installation, sandbox: false });
    const marker = `vivarium-loose-${process.pid}`;
    const start = `bash -c "exec -a ${marker} sleep 300"`;
    const run = (command: string) => runner.runLocal({ command, timeoutMs: 400, paths: world.paths });
    const began = performance.now();
    expect(await run(`sh -c '${start} & ${start}; ${start}'`)).toMatchObject({ timed_out: true, sandboxed: false });
    expect(performance.now() - began).toBeLessThan(1_400);
    expect(await run(`sh -c '${start} >/dev/null 2>&1 & echo done'`)).toMatchObject({ exit_code: 0, output: 'done\n' });
    await gone(marker);
    await world.remove();
    await rm(installation, { recursive: true });
  });
});

describe('a policy file', () => {
  it('that is wrong names every field and opens nothing', async () => {
    const installation = await anInstallation({
      limits: { output_bytes: 1 },
      programs: { 'a/b': FREE, x: { ...FREE, flags: ['--no=good'] } },
    });
    const failure = await openLocalRunner({ installation }).catch((error: unknown) => String(error));
    expect(failure).toMatch(/limits\.memory_bytes.*programs\.x\.flags\.0: write one flag/);
    expect(failure).toContain('a program is named without a folder');
    await rm(installation, { recursive: true });
  });

  it('can add a program with its own grammar', async () => {
    const wc = { about: 'count', flags: ['-l'], operands: { rest: 'file', min: 1, max: 5 }, reads: 'operands' };
    const installation = await anInstallation({ programs: { wc } });
    const world = await aWorld();
    const runner = await openLocalRunner({ installation });
    const run = (command: string) => runner.runLocal({ command, timeoutMs: 10_000, paths: world.paths });
    expect(await run('wc -l README.md')).toMatchObject({ kind: 'ran', output: '3 README.md\n' });
    expect(await run('wc -c README.md')).toMatchObject({ kind: 'refused', rule: 'command.flag' });
    expect(await run('wc -l .env')).toMatchObject({ kind: 'refused', rule: 'command.secret' });
    expect(await run('ls')).toMatchObject({ kind: 'refused', rule: 'command.program' });
    await world.remove();
    await rm(installation, { recursive: true });
  });

  it('lets a program that opens files by itself run in a sandbox only', async () => {
    const installation = await anInstallation();
    const world = await aWorld();
    const runner = await openLocalRunner({ installation, sandbox: false });
    const run = (command: string) => runner.runLocal({ command, timeoutMs: 10_000, paths: world.paths });
    expect(await run("sh -c 'cat .env'")).toMatchObject({ kind: 'refused', rule: 'command.sandbox_missing' });
    expect(await run('echo hi')).toMatchObject({ kind: 'ran', output: 'hi\n', sandboxed: false });
    expect(await runner.sandboxStatus()).toMatchObject({ mode: 'grammar_only' });
    await world.remove();
    await rm(installation, { recursive: true });
  });
});

/** Until no process of that name lives; the kernel takes a moment to bury what was killed. */
const gone = (marker: string) =>
  vi.waitFor(async () => expect(await processesNamed(marker)).toEqual([]), { timeout: 1_000, interval: 10 });

/** Ids of live processes whose command line begins with a text. */
async function processesNamed(text: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return ids.filter((_, index) => lines[index]?.startsWith(text));
}
