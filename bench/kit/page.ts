import { PEERS } from '../rows-peers.ts';
import type { Row } from './report.ts';

type Result = Row & { readonly median: number; readonly ratio: number | undefined };

export interface Results {
  readonly at: string;
  readonly machine: {
    readonly cpu: string | undefined;
    readonly cores: number;
    readonly memory_gb: number;
    readonly node: string;
  };
  readonly rounds: number;
  readonly rows: readonly Result[];
}

const SHAPES = ['1 x 1', '4 x 1', '1 x 50', '4 x 50'];
const OURS = 'vivarium claim + settle';

const WHY = `
Where a peer is ahead: one job at a time at equal durability it is SQLite, which syncs in the calling thread and so saves the wake-up of
another; here a sync runs beside, so that calls under way are not held up by a slow disk. Ahead of all are queues that tell the worker before
anything is on the disk, or hand out jobs from memory and write many ends in one go; with more jobs at once or more processes that gain is gone. A fold
of a million entries is half reading JSON ([ADR 8](adr/0008-what-profiles-showed.md)); it happens where there is no snapshot.
`;

/** `docs/benchmarks.md` from one run's results. */
export function benchmarkPage({ at, machine, rounds, rows }: Results): string {
  const { cores, cpu, memory_gb, node } = machine;
  const isPeer = ({ name }: Result) => PEERS.some((peer) => name.startsWith(`${peer.name}, `));
  return `# Benchmarks

Written by \`pnpm bench --page docs/benchmarks.md\` on ${at.slice(0, 10)}: ${rounds === 1 ? 'one round over all rows' : `medians of ${rounds} rounds that alternate between the rows`}, on
${cores} cores (${cpu ?? 'unknown'}), ${memory_gb} GB, Node ${node}. Ratios are taken within a round, so they hold where the absolute figures do not.

## Vivarium

| measurement | median | ratio | against | target | met |
| --- | ---: | ---: | --- | --- | --- |
${rows
  .filter((row) => !isPeer(row))
  .map(ownLine)
  .join('\n')}

## Beside its peers

Claim and settle of empty jobs, per second, in the same run: workers x jobs at once in each. "Synced" says that a settled job is on
the disk when the worker is told, which is what Vivarium always does; the others can lose it with the machine.

| | synced | ${SHAPES.join(' | ')} | add to start, p50 / p99 ms |
| --- | --- | ${SHAPES.map(() => '---:').join(' | ')} | ---: |
${peerLine('Vivarium', OURS, true, rows)}
${PEERS.map(({ name, durable }) => peerLine(name, name, durable, rows)).join('\n')}

${verdicts(rows).join('\n')}
${WHY}`;
}

function ownLine({ name, unit, median, ratio, against, target, skipped }: Result): string {
  if (skipped !== undefined) return `| ${name} | skipped: ${skipped} | | | | |`;
  const met = target === undefined ? '' : reaches(ratio ?? median, target) ? 'yes' : '**no**';
  return `| ${name} | ${amount(median)} ${unit} | ${ratio?.toFixed(2) ?? ''} | ${against ?? ''} | ${target ?? ''} | ${met} |`;
}

function peerLine(shown: string, name: string, durable: boolean, rows: readonly Result[]): string {
  const cells = SHAPES.map((shape) => {
    const row = rows.find((one) => one.name === `${name}, ${shape}`);
    if (row === undefined) return '';
    return row.skipped === undefined ? amount(row.median) : 'skipped';
  });
  const [p50, p99] = ['p50', 'p99'].map((part) => latency(name, part, rows));
  return `| ${shown} | ${durable ? 'yes' : 'no'} | ${cells.join(' | ')} | ${p50 && p99 ? `${p50} / ${p99}` : ''} |`;
}

function latency(name: string, part: string, rows: readonly Result[]): string | undefined {
  const wanted = name === OURS ? `add to claim, ${part}` : `${name}, add to start, ${part}`;
  return rows.find((row) => row.name === wanted)?.median.toFixed(1);
}

/** For each shape, who is ahead among those whose settlements are as durable as ours, and among all. */
function verdicts(rows: readonly Result[]): string[] {
  return SHAPES.map((shape) => {
    const ours = rows.find(({ name }) => name === `${OURS}, ${shape}`)?.median ?? 0;
    const best = (peers: typeof PEERS) => {
      const rates = peers.flatMap(({ name }) => {
        const row = rows.find((one) => one.name === `${name}, ${shape}` && one.skipped === undefined);
        return row ? [{ name, rate: row.median }] : [];
      });
      const first = rates.sort((a, b) => b.rate - a.rate)[0];
      return first ? `${(ours / first.rate).toFixed(2)} times ${first.name}` : 'nobody ran beside it';
    };
    return `- ${shape}: ${best(PEERS.filter(({ durable }) => durable))} at equal durability; ${best(PEERS)} of all.`;
  });
}

function reaches(value: number, target: string): boolean {
  const limit = Number(target.replace(/[^\d.]/g, ''));
  return target.startsWith('<=') ? value <= limit : value >= limit;
}

function amount(value: number): string {
  return value < 100 ? value.toFixed(2) : Math.round(value).toLocaleString('en-US');
}
