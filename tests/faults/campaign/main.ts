/**
 * `pnpm faults --minutes N [--seed S] [--page FILE] [--mutant <name>]`: injure a running world for so long, heal it, and
 * check every promise. Prints one table, writes the page of docs when asked; exit code 1 when a promise was broken.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { cleanUp } from '../kit/at-end.ts';
import { runCampaign } from './campaign.ts';
import { isMutant, MUTANTS, runMutant } from './mutants.ts';
import { pageOf } from './page.ts';
import { tableOf } from './table.ts';

const USAGE = `usage: pnpm faults --minutes N [--seed S] [--page FILE] [--mutant ${Object.keys(MUTANTS).join('|')}]`;
const options = {
  minutes: { type: 'string', default: '1' },
  seed: { type: 'string', default: '20' },
  page: { type: 'string' },
  mutant: { type: 'string' },
} as const;

async function main(): Promise<number> {
  const { values } = parseArgs({ options });
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
  const sound = minutes > 0 && minutes <= 600 && Number.isInteger(seed) && seed >= 0;
  if (!sound || (values.mutant !== undefined && !isMutant(values.mutant))) throw new Error(USAGE);
  if (values.mutant !== undefined && isMutant(values.mutant)) return runMutant(values.mutant, minutes, seed);
  const say = (what: string) => process.stderr.write(`${what}\n`);
  const result = await runCampaign({ minutes, seed, say });
  process.stdout.write(`Fault campaign of ${minutes} min, seed ${seed}\n${tableOf(result)}\n`);
  if (values.page !== undefined) writeFileSync(values.page, pageOf(result, { minutes, seed, at: new Date() }));
  return result.found.violations.length === 0 ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void cleanUp().finally(() => process.exit(130)));
const code = await main().catch((cause: unknown) => {
  process.stderr.write(`${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`);
  return 2;
});
await cleanUp();
process.exit(code);
