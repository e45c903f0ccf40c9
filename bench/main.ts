/**
 * `pnpm bench`: everything that is claimed about speed, measured again. Rounds alternate between the rows, medians are
 * shown, and ratios are taken within a round. `--rounds`, `--scale` and `--no-peers` make it shorter; `--page FILE` writes
 * the page of docs.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchmarkPage } from './kit/page.ts';
import { Report } from './kit/report.ts';
import { cycleCost } from './rows-cycle.ts';
import { foldLedger, ledgerEntries } from './rows-ledger.ts';
import { PEERS, peerLatency, preparePeers, runPeer } from './rows-peers.ts';
import { echoRates, pipeline } from './rows-pipeline.ts';
import { atRest } from './rows-rest.ts';
import { addToClaim, claimAndSettle, rawDisk, startUp } from './rows-store.ts';

const { values: flags } = parseArgs({
  allowNegative: true,
  options: {
    rounds: { type: 'string', default: '5' },
    scale: { type: 'string', default: '1' },
    peers: { type: 'boolean', default: true },
    page: { type: 'string' },
    out: { type: 'string', default: 'bench/results/latest.json' },
  },
});
const rounds = Number(flags.rounds);
const many = (count: number) => Math.max(Math.min(count, 50), Math.round(count * Number(flags.scale)));
/** What `pnpm bench:changes` showed stays on the page: it is measured by itself. */
function changesOn(page: string): string {
  const text = existsSync(page) ? readFileSync(page, 'utf8') : '';
  const at = text.indexOf('\n## Changes to projects');
  return at < 0 ? '' : text.slice(at);
}

const report = new Report();
const DISK = 'raw append + fdatasync';

/** Workers, tasks at once in each, tasks, and the ratio to the disk's limit that we want. */
const SHAPES = [
  { workers: 1, concurrency: 1, tasks: many(4000), target: '>= 0.5' },
  { workers: 4, concurrency: 1, tasks: many(8000), target: '>= 0.8' },
  { workers: 1, concurrency: 50, tasks: many(20_000), target: '>= 2' },
  { workers: 4, concurrency: 50, tasks: many(20_000) },
];
const shapeName = ({ workers, concurrency }: { workers: number; concurrency: number }) => `${workers} x ${concurrency}`;

async function storeRows(): Promise<void> {
  report.add({ name: DISK, unit: '/s' }, await rawDisk(many(4000)));
  for (const { target, ...shape } of SHAPES) {
    const row = { name: `vivarium claim + settle, ${shapeName(shape)}`, unit: '/s', against: DISK };
    report.add({ ...row, ...(target ? { target } : {}) }, await claimAndSettle(shape));
  }
  const few = 'vivarium claim + settle, 1,000 queued';
  report.add({ name: few, unit: '/s' }, await claimAndSettle({ workers: 1, concurrency: 1, tasks: 500, queued: 1000 }));
  const row = { name: 'vivarium claim + settle, 100,000 queued', unit: '/s', against: few, target: '>= 0.8' };
  report.add(row, await claimAndSettle({ workers: 1, concurrency: 1, tasks: 500, queued: 100_000 }));
}

async function ledgerRows(): Promise<void> {
  const one = { name: 'ledger entries, one at a time', unit: '/s', against: DISK };
  report.add(one, await ledgerEntries(1, many(2000)));
  report.add({ name: 'ledger entries, 50 at once', unit: '/s', target: '>= 5000' }, await ledgerEntries(50, many(20_000)));
}

async function peerRows(): Promise<void> {
  const missing = preparePeers();
  for (const { name, jobs } of PEERS) {
    for (const shape of SHAPES) {
      const result = missing ? { skipped: missing } : await runPeer(name, shape.workers, shape.concurrency, many(jobs ?? 2000));
      const row = { name: `${name}, ${shapeName(shape)}`, unit: '/s', against: `vivarium claim + settle, ${shapeName(shape)}` };
      if ('rate' in result) report.add(row, result.rate);
      if ('skipped' in result) report.add({ ...row, skipped: result.skipped });
    }
  }
}

async function wholeRows(): Promise<void> {
  const shape = { workers: 4, concurrency: 8, tasks: many(1500) };
  const output_schema = { type: 'string' };
  const witnessed = await pipeline({
    ...shape,
    tasks: many(4000),
    task: (n) => ({ prompt: `Write the number ${n}`, output_schema }),
  });
  report.add({ name: 'whole pipeline, one model call a task, 4 workers', unit: '/s', target: '>= 200' }, witnessed);
  const judged = await pipeline({ ...shape, task: (n) => ({ prompt: `Write the number ${n}` }) });
  report.add({ name: 'whole pipeline, model and critic, 4 workers', unit: '/s' }, judged);
  const { bare, command } = await echoRates(many(20));
  report.add({ name: 'sandboxed spawn, bare', unit: '/s' }, bare);
  report.add({ name: 'local command echo', unit: '/s', against: 'sandboxed spawn, bare', target: '>= 0.8' }, command);
}

async function processRows(): Promise<void> {
  const cost = await cycleCost(many(500));
  report.add({ name: 'a model call by its SDK, p50', unit: 'ms' }, cost.direct);
  report.add({ name: 'the same through /cycle, p50', unit: 'ms', against: 'a model call by its SDK, p50' }, cost.cycle);
  report.add({ name: 'what /cycle adds, p50', unit: 'ms', target: '<= 3' }, cost.more);
  const rest = await atRest({ seconds: 10, tabs: 50, tasks: many(200) });
  report.add({ name: 'idle processor, all three processes', unit: '% of a core' }, rest.cpu);
  report.add({ name: 'idle memory of the API', unit: 'MB' }, rest.api_mb);
  report.add({ name: 'idle memory of a worker', unit: 'MB' }, rest.worker_mb);
  report.add({ name: 'idle memory of the panel', unit: 'MB' }, rest.panel_mb);
  report.add({ name: 'task added until 50 tabs have it, p50', unit: 'ms' }, rest.fanout_p50);
  report.add({ name: 'task added until 50 tabs have it, p99', unit: 'ms' }, rest.fanout_p99);
}

for (let round = 0; round < rounds; round++) {
  process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  await storeRows();
  await ledgerRows();
  await wholeRows();
  await processRows();
  if (flags.peers) await peerRows();
}
const latency = await addToClaim(many(300));
report.add({ name: 'add to claim, p50', unit: 'ms', target: '<= 10' }, latency.p50);
report.add({ name: 'add to claim, p99', unit: 'ms', target: '<= 50' }, latency.p99);
if (flags.peers)
  for (const { name } of PEERS) {
    const result = await peerLatency(name, many(200));
    if (!('p50' in result)) continue;
    report.add({ name: `${name}, add to start, p50`, unit: 'ms' }, result.p50);
    report.add({ name: `${name}, add to start, p99`, unit: 'ms' }, result.p99);
  }
for (const { ms, rss_mb } of await startUp(100_000, rounds)) {
  report.add({ name: 'start with 100,000 finished tasks', unit: 'ms', target: '<= 1000' }, ms);
  report.add({ name: 'memory with 100,000 finished tasks', unit: 'MB' }, rss_mb);
}
const entries = many(1_000_000);
for (const { whole, snapshot } of await foldLedger(entries, rounds)) {
  report.add({ name: `fold of ${entries.toLocaleString('en-US')} ledger entries`, unit: 'ms', target: '<= 3000' }, whole);
  report.add({ name: 'the same from its snapshot', unit: 'ms', target: '<= 100' }, snapshot);
}

process.stdout.write(`${report.table()}\n`);
const machine = {
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  memory_gb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};
const results = { at: new Date().toISOString(), machine, rounds, rows: report.toJSON() };
mkdirSync('bench/results', { recursive: true });
writeFileSync(flags.out, `${JSON.stringify(results, null, 2)}\n`);
if (flags.page !== undefined) writeFileSync(flags.page, `${benchmarkPage(results)}${changesOn(flags.page)}`);
