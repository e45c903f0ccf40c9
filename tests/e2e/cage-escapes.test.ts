import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aProject } from './cage.fixture.ts';
import { ESCAPES, isTold, type Outside } from './cage-escapes.table.ts';
import { requires } from './sandbox.requires.ts';

const missing = requires('bwrap');

describe.skipIf(missing !== undefined)(`a program that wants out${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const project = aProject();
  const servers: Server[] = [];
  const reached: string[] = [];
  let datagrams: Socket;
  let bystander: ChildProcess;
  let outside: Outside;
  let lines: string[];

  const listen = async (where: { path: string } | { port: number; host: string }) => {
    const server = createServer((socket) => {
      reached.push(JSON.stringify(where));
      socket.destroy();
    }).listen(where);
    servers.push(server);
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  };

  beforeAll(async () => {
    if (missing !== undefined) return;
    bystander = spawn('/usr/bin/sleep', ['300'], { stdio: 'ignore' });
    datagrams = createSocket('udp4', () => reached.push('udp')).bind(0, '127.0.0.1');
    await once(datagrams, 'listening');
    const socket = join(project.outside, 'host.sock');
    const abstract = `viv-cage-${process.pid}`;
    await Promise.all([listen({ path: socket }), listen({ path: `\0${abstract}` })]);
    const tcp = await listen({ port: 0, host: '127.0.0.1' });
    const deps = join(project.outside, 'deps/lib');
    await Promise.all([
      mkdir(deps, { recursive: true }),
      mkdir(join(project.folder, 'deps')),
      mkdir(join(project.folder, 'node_modules')),
    ]);
    await writeFile(join(deps, 'index.js'), 'as it was');
    await writeFile(join(project.outside, 'secret.txt'), 'as it was');
    const { folder, outside: beside } = project;
    outside = { folder: beside, project: folder, pid: bystander.pid ?? 0, tcp, udp: datagrams.address().port, socket, abstract };
    lines = await attempts();
  });
  afterAll(() => {
    for (const server of servers) server.close();
    datagrams?.close();
    bystander?.kill('SIGKILL');
  });

  /** All in one sandbox, each in a shell and a folder of its own; what each said of itself, and how it ended. */
  async function attempts(): Promise<string[]> {
    const told = Object.entries(ESCAPES).map(([what, probe]) => [what, probe(outside)] as const);
    const scripts = told.map(([what, probe], n) =>
      [`cat > /tmp/probe/${n} <<'PROBE'`, isTold(probe) ? `cd /project\n${probe}` : 'false', 'PROBE', `run ${n} '${what}'`].join(
        '\n',
      ),
    );
    const run =
      'run() { timeout -k 1 5 sh /tmp/probe/$1 >/tmp/probe/said 2>&1 && echo "out: $2: $(head -c 200 /tmp/probe/said)" || echo "in: $2"; }';
    const dependencies = join(project.outside, 'deps');
    const end = await project.run(['/bin/bash', '-s'], {
      stdin: ['mkdir -m 700 /tmp/probe', run, ...scripts].join('\n'),
      environment: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' },
      mounts: [
        { from: project.folder, at: '/project', mode: 'rw' },
        { from: dependencies, at: '/project/deps', mode: 'ro' },
        { from: dependencies, at: '/project/node_modules', mode: 'entries-ro' },
      ],
    });
    return end.stdout.split('\n');
  }

  it(`finds none of ${Object.keys(ESCAPES).length} ways`, () => {
    expect(lines.filter((line) => line.startsWith('out: '))).toEqual([]);
    for (const what of Object.keys(ESCAPES)) expect(lines).toContain(`in: ${what}`);
  });

  it('has reached, changed and ended nothing out there', async () => {
    expect(reached).toEqual([]);
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
    expect((await readdir(project.outside)).sort()).toEqual(['deps', 'host.sock', 'secret.txt']);
    expect(await readFile(join(project.outside, 'secret.txt'), 'utf8')).toBe('as it was');
    expect(await readdir(join(project.outside, 'deps/lib'))).toEqual(['index.js']);
    expect(await readFile(join(project.outside, 'deps/lib/index.js'), 'utf8')).toBe('as it was');
  });
});
