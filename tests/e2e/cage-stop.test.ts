import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scriptNow } from '../../scripts/lib/compile.mjs';
import { aProject } from './cage.fixture.ts';
import { requires } from './sandbox.requires.ts';

const PARENT = fileURLToPath(new URL('fixtures/cage-parent.ts', import.meta.url));
const missing = requires('bwrap');

/** A program that is connected to the host as long as any of its processes lives: four that no signal but one ends. */
const CONNECTED = [
  'use IO::Socket::UNIX; use POSIX; $SIG{$_} = "IGNORE" for qw(TERM INT HUP PIPE);',
  'my $s = IO::Socket::UNIX->new("/run/host.sock") or die "no socket: $!"; $s->autoflush(1);',
  'for (1..2) { if (!fork) { POSIX::setsid(); if (!fork) { sleep 300 } exit 0 } }',
].join(' ');
const STAYS = `${CONNECTED} print $s "ready"; sleep 300;`;
const LEAVES = `${CONNECTED} if (!fork) { for (;;) { open F, ">>", "edited"; print F "x"; close F } } print $s "ready"; exit 7;`;

describe.skipIf(missing !== undefined)(`a sandbox that has to end${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const project = aProject();
  let server: Server;
  let socket: string;
  const programs: Socket[] = [];
  let said = '';

  beforeEach(async () => {
    socket = join(project.outside, 'host.sock');
    programs.length = 0;
    said = '';
    server = createServer((program) => programs.push(program.on('data', (chunk) => (said += chunk)))).listen(socket);
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.close();
    await rm(socket, { force: true });
  });

  const sockets = () => [{ from: socket, at: '/run/host.sock' }];
  /** The connections of so many programs, each when it has said that it is ready. */
  const ready = async (count: number): Promise<Socket[]> => {
    while (programs.length < count) await once(server, 'connection');
    await Promise.all(programs.map((program) => (program.bytesRead > 0 ? undefined : once(program, 'data'))));
    return [...programs];
  };
  /** Resolves when no process of any of them is left. */
  const gone = (ended: readonly Socket[]) =>
    Promise.all(
      ended.map((program) => (program.destroyed || program.readableEnded ? undefined : once(program.resume(), 'close'))),
    );

  it('takes eight at once along within a second of an abort', async () => {
    const stop = new AbortController();
    const argv = ['/usr/bin/perl', '-e', STAYS];
    const runs = Array.from({ length: 8 }, () => project.run(argv, { sockets: sockets(), signal: stop.signal }));
    const open = await ready(8);
    const began = performance.now();
    stop.abort();
    const ends = await Promise.all(runs);
    await gone(open);
    expect(performance.now() - began).toBeLessThan(1_000);
    for (const end of ends) expect(end).toMatchObject({ aborted: true, timed_out: false, exit_code: 130 });
  });

  it('is not made when the abort came before', async () => {
    const end = await project.sh('echo ran > ran', { signal: AbortSignal.abort() });
    expect(end).toMatchObject({ aborted: true, exit_code: 130 });
    expect((await project.sh('ls')).stdout).not.toContain('ran');
  });

  it('ends with its time, whatever its processes ignore', async () => {
    const run = project.run(['/usr/bin/perl', '-e', STAYS], { sockets: sockets(), timeout_ms: 2_000 });
    const open = await ready(1);
    expect(await run).toMatchObject({ timed_out: true, aborted: false, exit_code: 124 });
    await gone(open);
  });

  it('leaves no process that goes on editing, when its program ends', async () => {
    const run = project.run(['/usr/bin/perl', '-e', LEAVES], { sockets: sockets() });
    const open = await ready(1);
    expect(await run).toMatchObject({ exit_code: 7, timed_out: false, aborted: false });
    await gone(open);
  });

  it('hands on no descriptor that the process which made it was started with', async () => {
    const secret = openSync(join(project.outside, 'secret.txt'), 'w+');
    const strays = Array.from({ length: 30 }, (_, fd) => (fd > 2 && fd % 3 === 0 ? secret : 'ignore'));
    const code = `${CONNECTED} print $s join(" ", grep { $_ } map { readlink "/proc/self/fd/$_" } 3..40), ";";`;
    const parent = spawn(process.execPath, [...scriptNow(PARENT), socket, code], { stdio: strays });
    await gone(await ready(1));
    expect(said).toContain(';');
    expect(
      said
        .replace(';', '')
        .split(' ')
        .filter((name) => !/^socket:|^\/dev\/null$/.test(name)),
    ).toEqual([]);
    parent.kill('SIGKILL');
    closeSync(secret);
  });

  it('dies with the process that made it, however that is killed', async () => {
    const parent = spawn(process.execPath, [...scriptNow(PARENT), socket, STAYS], { stdio: 'ignore' });
    const open = await ready(1);
    const began = performance.now();
    parent.kill('SIGKILL');
    await gone(open);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
