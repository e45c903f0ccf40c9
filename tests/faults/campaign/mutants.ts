import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atEnd } from '../kit/at-end.ts';
import { temporaryFolder } from '../kit/processes.ts';

interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Planted bugs: what a checker that is worth anything must find. Applied to a copy, never to this checkout. */
export const MUTANTS = {
  'no-fsync': [
    {
      file: 'packages/storage-files/src/log/syncer.ts',
      from: 'this.#running = dataSync(this.#fd).then(',
      to: 'this.#running = Promise.resolve(dataSync).then(',
    },
  ],
  'no-epoch-check': [
    {
      file: 'packages/core/src/domain/task/evolve.ts',
      from: 'return record.lease !== undefined && record.lease.worker_id === event.worker_id && record.lease.epoch === event.epoch;',
      to: 'return true;',
    },
  ],
  'reward-without-key': [
    {
      file: 'packages/core/src/domain/economy/reward.ts',
      from: 'return `reward:',
      to: 'return Math.random() + `reward:',
    },
  ],
  'settle-without-reservation': [
    {
      file: 'packages/api/src/gate/money/purse.ts',
      from: 'if (need.amount_usd === 0) return;',
      to: 'attempt.reserved_usd = need.amount_usd;\n    if (need.amount_usd >= 0) return;',
    },
    {
      file: 'packages/core/src/stores/budget/ledger.ts',
      from: "if (!this.#fold.reservations.has(callId)) throw refused(callId, 'nothing is reserved for it');",
      to: '',
    },
  ],
  'review-fail-open': [
    {
      file: 'packages/core/src/domain/review/rules.ts',
      from: "return { kind: 'hold', review: undecided(witnesses), reason: `no verdict",
      to: "if (why !== '') return concludeFromCritic(witnesses, { verdict: 'APPROVE', confidence: 1, issues: [], suggestions: [] });\n  return { kind: 'hold', review: undecided(witnesses), reason: `no verdict",
    },
  ],
} as const satisfies Readonly<Record<string, readonly Change[]>>;
export type Mutant = keyof typeof MUTANTS;
export const isMutant = (name: string): name is Mutant => Object.hasOwn(MUTANTS, name);

/** The promise that each planted bug breaks. */
export const BREAKS: Readonly<Record<Mutant, string>> = {
  'no-fsync': 'told means synced',
  'no-epoch-check': 'nothing gets stuck',
  'reward-without-key': 'nothing is done twice',
  'settle-without-reservation': 'a cap is never passed',
  'review-fail-open': 'done means verified',
};

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const COPIED = ['packages', 'scripts/lib', 'tests/faults', 'config', 'library', '.swarm/identities'];
const LINKED = ['package.json', 'pnpm-workspace.yaml', 'tsconfig.json', 'tsconfig.base.json'];

/** Run the same campaign in a copy of the sources that has the bug. Returns its exit code: 1 when it was caught. */
export async function runMutant(mutant: Mutant, minutes: number, seed: number): Promise<number> {
  if (!fits(mutant)) throw new Error(`The planted bug ${mutant} no longer fits the sources: mend its texts in mutants.ts`);
  const copy = copyOfSources();
  for (const change of MUTANTS[mutant]) apply(copy, change);
  const script = join(copy, 'tests/faults/campaign/main.ts');
  const args = [
    '--conditions',
    '@vivarium/source',
    '--import',
    'tsx',
    script,
    '--minutes',
    String(minutes),
    '--seed',
    String(seed),
  ];
  const child = spawn(process.execPath, args, { cwd: copy, stdio: 'inherit' });
  atEnd(() => child.kill('SIGINT'));
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 2)));
}

/** Whether the sources still hold what the bug replaces, each text once. */
export const fits = (mutant: Mutant): boolean =>
  MUTANTS[mutant].every(({ file, from }) => readFileSync(join(ROOT, file), 'utf8').split(from).length === 2);

function apply(copy: string, { file, from, to }: Change): void {
  const text = readFileSync(join(copy, file), 'utf8');
  writeFileSync(
    join(copy, file),
    text.replace(from, () => to),
  );
}

/** The packages, so that they find each other and not those of this checkout; what comes from elsewhere is linked. */
function copyOfSources(): string {
  const copy = temporaryFolder();
  const isSource = (path: string) => !/\/(build|dist)$/.test(path);
  for (const name of COPIED)
    cpSync(join(ROOT, name), join(copy, name), { recursive: true, verbatimSymlinks: true, filter: isSource });
  for (const name of LINKED) symlinkSync(join(ROOT, name), join(copy, name));
  const modules = join(copy, 'node_modules');
  mkdirSync(join(modules, '@vivarium'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (name !== '@vivarium') symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  for (const name of readdirSync(join(ROOT, 'node_modules', '@vivarium'))) {
    const folder = realpathSync(join(ROOT, 'node_modules', '@vivarium', name));
    symlinkSync(join(copy, relative(ROOT, folder)), join(modules, '@vivarium', name));
  }
  return copy;
}
