import { execFile, spawnSync } from 'node:child_process';
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

const WORDS_LINES = 12;

/**
 * Install the peers' libraries beside the workspace, once. Returns why that is not possible, in the installer's own words,
 * which also stand on stderr.
 */
export function preparePeers(where = folder): string | undefined {
  if (existsSync(`${where}/node_modules/nats`)) return undefined;
  process.stderr.write(`installing the peers into ${where}/node_modules (a minute) …\n`);
  const args = ['install', '--no-audit', '--no-fund', '--no-package-lock'];
  const { status, error, stdout, stderr } = spawnSync('npm', args, { cwd: where, encoding: 'utf8' });
  if (status === 0) return undefined;
  const said = `${stdout ?? ''}\n${stderr ?? ''}`.split('\n').filter((line) => line.trim() !== '');
  const words = error ? [error.message] : said.slice(-WORDS_LINES);
  process.stderr.write(`npm install in ${where} failed:\n${words.map((line) => `  ${line}\n`).join('')}`);
  return `the peers could not be installed (npm install in ${where}): ${words.join(' · ') || `it ended with ${status}`}`;
}

/** Jobs per second of one peer; its servers and workers are started for this run alone, on loopback. */
export function runPeer(name: string, workers: number, concurrency: number, jobs: number): Promise<PeerResult> {
  return ask(name, String(workers), String(concurrency), String(jobs));
}

/** Milliseconds from adding a job to its start in one idle worker of this peer. */
export function peerLatency(name: string, jobs: number): Promise<PeerResult> {
  return ask(name, 'latency', '1', String(jobs));
}

/** A peer that breaks is one skipped row with its words, and no end of the others. */
async function ask(...args: string[]): Promise<PeerResult> {
  const command = [`${folder}/run.mjs`, ...args];
  const { stdout, stderr } = await run(process.execPath, command, { timeout: 240_000 }).catch((cause: unknown) => ({
    stdout: '',
    stderr: cause instanceof Error ? cause.message : String(cause),
  }));
  if (stdout.trim() === '') return { skipped: stderr.trim().split('\n').slice(-3).join(' · ') || 'no result' };
  const said: Readonly<Record<string, unknown>> = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}');
  if (typeof said['rate'] === 'number') return { rate: said['rate'] };
  if (typeof said['p50'] === 'number' && typeof said['p99'] === 'number') return { p50: said['p50'], p99: said['p99'] };
  return { skipped: String(said['skipped'] ?? 'no result') };
}
