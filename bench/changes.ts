/**
 * `pnpm bench:changes`: what a change to a project costs from its task to the branch, beside the model and the tests.
 * `--changes`, `--residents` and `--workers` say how many; `--one` how many go one at a time, for the cost of one alone.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Report } from './kit/report.ts';
import { manyChanges, type StageTimes } from './rows-changes.ts';
import { storeSteps } from './rows-work-area.ts';

const { values: flags } = parseArgs({
  options: {
    changes: { type: 'string', default: '200' },
    residents: { type: 'string', default: '8' },
    workers: { type: 'string', default: '1' },
    one: { type: 'string', default: '12' },
  },
});
const residents = Number(flags.residents);
const report = new Report();
const STAGES: readonly [Exclude<keyof StageTimes, 'counts'>, string, string?][] = [
  ['work_ms', 'work with an instant model, from opened to handed in'],
  ['review_ms', 'review examination'],
  ['unit_ms', 'unit gate'],
  ['integration_ms', 'integration of a batch'],
  ['landing_ms', 'landing'],
  ['whole_ms', 'from its claim to landed'],
  ['suites_ms', 'suites of it, as long as they ran'],
  ['ours_ms', 'ours: from its claim to landed without its suites', '<= 1500'],
];

function tell(name: string, values: readonly number[], target?: string): void {
  if (values.length > 0) report.add({ name, unit: 'ms', ...(target ? { target } : {}) }, ...values);
}

async function oneByOne(): Promise<void> {
  const seen = await manyChanges({ changes: Number(flags.one), residents, workers: 1, concurrency: 1, together: false });
  for (const [key, name, target] of STAGES) tell(`one at a time: ${name}`, seen.stages[key], target);
  report.add({ name: 'one at a time: sandboxes for a change', unit: '' }, seen.sandboxes);
}

async function together(): Promise<void> {
  const workers = Number(flags.workers);
  const seen = await manyChanges({ changes: Number(flags.changes), residents, workers, concurrency: residents, together: true });
  for (const [key, name] of STAGES) if (key !== 'ours_ms') tell(`${residents} at once: ${name}`, seen.stages[key]);
  for (const [what, count] of Object.entries(seen.stages.counts))
    report.add({ name: `${residents} at once: ${what} for a change`, unit: '' }, count / Number(flags.changes));
  report.add({ name: `${residents} at once: sandboxes for a change`, unit: '' }, seen.sandboxes);
  report.add({ name: `${residents} at once: a change every`, unit: 'ms' }, seen.every_ms);
}

for (const [name, values] of Object.entries(await storeSteps(25))) tell(name, values);
if (Number(flags.one) > 0) await oneByOne();
if (Number(flags.changes) > 0) await together();
process.stdout.write(`${report.table('p95')}\n`);
const load = loadavg().map((each) => each.toFixed(1));
process.stdout.write(`${cpus().length} cores, load at the end ${load.join(' ')}\n`);
