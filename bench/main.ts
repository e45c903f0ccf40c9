import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { median } from './kit/stats.ts';
import { addToClaim, claimAndSettle, rawDisk, startUp } from './rows-store.ts';

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, scale: { type: 'string', default: '1' }, out: { type: 'string' } },
});
const rounds = Number(flags.rounds);
const scale = Number(flags.scale);
const many = (count: number) => Math.max(50, Math.round(count * scale));

interface Row {
  readonly name: string;
  readonly unit: string;
  readonly values: number[];
  /** Name of the row this one is set against, and what it should reach. */
  readonly against?: string;
  readonly target?: string;
}

const rates: (Omit<Row, 'values' | 'unit'> & { readonly run: () => Promise<number> })[] = [
  { name: 'raw append + fdatasync', run: () => rawDisk(many(4000)) },
  {
    name: 'claim + settle, 1 worker',
    against: 'raw append + fdatasync',
    target: '>= 0.5',
    run: () => claimAndSettle({ workers: 1, concurrency: 1, tasks: many(4000) }),
  },
  {
    name: 'claim + settle, 4 workers',
    against: 'raw append + fdatasync',
    target: '>= 0.8',
    run: () => claimAndSettle({ workers: 4, concurrency: 1, tasks: many(8000) }),
  },
  {
    name: 'claim + settle, 1 worker, 50 at once',
    against: 'raw append + fdatasync',
    target: '>= 2',
    run: () => claimAndSettle({ workers: 1, concurrency: 50, tasks: many(20_000) }),
  },
  { name: 'claim + settle, 1,000 queued', run: () => claimAndSettle({ workers: 1, concurrency: 1, tasks: 900, queued: 1000 }) },
  {
    name: 'claim + settle, 100,000 queued',
    against: 'claim + settle, 1,000 queued',
    target: '>= 0.8',
    run: () => claimAndSettle({ workers: 1, concurrency: 1, tasks: 900, queued: 100_000 }),
  },
];

const say = (line: string) => process.stdout.write(`${line}\n`);
const rows = new Map<string, Row>();
for (let round = 0; round < rounds; round++) {
  for (const { run, ...rest } of rates) {
    const row = rows.get(rest.name) ?? { ...rest, unit: '/s', values: [] };
    row.values.push(await run());
    rows.set(rest.name, row);
  }
}
const latency = await addToClaim(many(300));
rows.set('add to claim, p50', { name: 'add to claim, p50', unit: 'ms', values: [latency.p50], target: '<= 10' });
rows.set('add to claim, p99', { name: 'add to claim, p99', unit: 'ms', values: [latency.p99], target: '<= 50' });
const starts = await startUp(100_000, rounds);
rows.set('start with 100,000 finished tasks', {
  name: 'start with 100,000 finished tasks',
  unit: 'ms',
  values: starts.map(({ ms }) => ms),
  target: '<= 1000',
});
rows.set('memory with 100,000 finished tasks', {
  name: 'memory with 100,000 finished tasks',
  unit: 'MB',
  values: starts.map(({ rss_mb }) => rss_mb),
});

say(`${'measurement'.padEnd(42)}${'median'.padStart(12)}  ${'ratio'.padStart(7)}  target`);
const report = [...rows.values()].map((row) => {
  const middle = median(row.values);
  const base = row.against === undefined ? undefined : rows.get(row.against);
  // Ratios are taken round by round, so that a machine that slows down slows both sides.
  const ratio = base && median(row.values.map((value, round) => value / (base.values[round] ?? Number.NaN)));
  say(
    `${row.name.padEnd(42)}${`${middle.toFixed(middle < 100 ? 2 : 0)} ${row.unit}`.padStart(12)}  ${(ratio?.toFixed(2) ?? '').padStart(7)}  ${row.target ?? ''}`,
  );
  return { ...row, median: middle, ...(ratio === undefined ? {} : { ratio }) };
});
const machine = {
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  memory_gb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};
mkdirSync('bench/results', { recursive: true });
writeFileSync(
  flags.out ?? 'bench/results/latest.json',
  `${JSON.stringify({ at: new Date().toISOString(), machine, rounds, rows: report }, null, 2)}\n`,
);
