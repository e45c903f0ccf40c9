import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A port of 127.0.0.1 that is free at this moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** What a server says in trouble is kept, so that a skipped row can tell it. */
const SPOKEN = ['ignore', 'pipe', 'pipe'];
const KEPT_CHARS = 2_000;

/** The last words of a child, for when it fails. */
export function wordsOf(child) {
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (part) => {
      said = (said + part).slice(-KEPT_CHARS);
    });
  return () => said.trim().split('\n').slice(-3).join(' · ') || 'it said nothing';
}

async function untilOpen(port, child) {
  const said = wordsOf(child);
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`the server ended at once: ${said()}`);
    const open = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the server did not open its port: ${said()}`);
}

function stopper(child, folder) {
  return async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Redis on loopback with its append-only file synced as `fsync` says; undefined when it is not installed. */
export async function startRedis(fsync) {
  if (!existsSync('/usr/bin/redis-server')) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'viv-redis-'));
  const port = await freePort();
  const args = [
    '--port',
    port,
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    fsync === 'no' ? 'no' : 'yes',
  ];
  const child = spawn('/usr/bin/redis-server', [...args.map(String), '--appendfsync', fsync], { stdio: SPOKEN });
  await untilOpen(port, child);
  return { port, stop: stopper(child, folder) };
}

/** NATS with JetStream on loopback, files in a folder of its own, with its defaults; undefined when it is not installed. */
export async function startNats() {
  const program = ['/usr/sbin/nats-server', '/usr/bin/nats-server', '/usr/local/bin/nats-server'].find((path) =>
    existsSync(path),
  );
  if (!program) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'viv-nats-'));
  const port = await freePort();
  const child = spawn(program, ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder], { stdio: SPOKEN });
  await untilOpen(port, child);
  return { port, stop: stopper(child, folder) };
}

function postgresBin() {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return undefined;
  const found = readdirSync(root)
    .map((version) => join(root, version, 'bin'))
    .filter((bin) => existsSync(join(bin, 'postgres')));
  return found.at(-1);
}

/** PostgreSQL on loopback in a folder of its own, with its defaults (synced commits); undefined when not installed. */
export async function startPostgres() {
  const bin = postgresBin();
  if (!bin) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'viv-pg-'));
  const asRoot = process.getuid() === 0;
  const user = asRoot
    ? { uid: Number(execFileSync('id', ['-u', 'postgres'])), gid: Number(execFileSync('id', ['-g', 'postgres'])) }
    : {};
  chmodSync(folder, 0o777);
  const data = join(folder, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'bench', '-A', 'trust'], { stdio: SPOKEN, ...user });
  const port = await freePort();
  const args = ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${folder}`];
  const child = spawn(join(bin, 'postgres'), args, { stdio: SPOKEN, ...user });
  await untilOpen(port, child);
  await new Promise((resolve) => setTimeout(resolve, 500));
  return { url: `postgres://bench@127.0.0.1:${port}/postgres`, stop: stopper(child, folder) };
}
