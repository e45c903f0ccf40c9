import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const folder = fileURLToPath(new URL('./peers', import.meta.url));
const run = promisify(execFile);

export interface Peer {
  readonly name: string;
  /** A settlement is on the disk when it is told. */
  readonly durable: boolean;
  /** Fewer jobs where a run would take minutes. */
  readonly jobs?: number;
}

/** Each peer twice where that differs: as it comes, and with durability equal to ours (a synced commit per settlement). */
export const PEERS: readonly Peer[] = [
  { name: 'bullmq, default', durable: false },
  { name: 'bullmq, every append synced', durable: true },
  { name: 'graphile-worker', durable: true },
  { name: 'graphile-worker, local queue', durable: false },
  { name: 'pg-boss', durable: true },
  { name: 'nats jetstream', durable: false },
  { name: 'dbos transact', durable: true, jobs: 400 },
  { name: 'plainjob, default', durable: false },
  { name: 'plainjob, every commit synced', durable: true },
];

export type PeerResult =
  | { readonly rate: number }
  | { readonly p50: number; readonly p99: number }
  | { readonly skipped: string };

/** Install the peers' libraries beside the workspace, once. Returns why that is not possible, if so. */
export function preparePeers(): string | undefined {
  if (existsSync(`${folder}/node_modules/nats`)) return undefined;
  process.stderr.write('installing the peers into bench/peers/node_modules (a minute) …\n');
  try {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: folder, stdio: 'ignore' });
    return undefined;
  } catch {
    return 'the peers could not be installed (npm install in bench/peers)';
  }
}

/** Jobs per second of one peer; its servers and workers are started for this run alone, on loopback. */
export function runPeer(name: string, workers: number, concurrency: number, jobs: number): Promise<PeerResult> {
  return ask(name, String(workers), String(concurrency), String(jobs));
}

/** Milliseconds from adding a job to its start in one idle worker of this peer. */
export function peerLatency(name: string, jobs: number): Promise<PeerResult> {
  return ask(name, 'latency', '1', String(jobs));
}

async function ask(...args: string[]): Promise<PeerResult> {
  const { stdout } = await run(process.execPath, [`${folder}/run.mjs`, ...args], { timeout: 240_000 });
  const said: Readonly<Record<string, unknown>> = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}');
  if (typeof said['rate'] === 'number') return { rate: said['rate'] };
  if (typeof said['p50'] === 'number' && typeof said['p99'] === 'number') return { p50: said['p50'], p99: said['p99'] };
  return { skipped: String(said['skipped'] ?? 'no result') };
}
