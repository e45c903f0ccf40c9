import { type Check, systemClock } from '@vivarium/core';
import type { SuiteRun } from '../suites/index.ts';
import { type Examined, Ground, type WitnessDeps } from './ground.ts';
import { isInstalled } from './installed.ts';
import { Interrupted } from './kept-runs.ts';
import { staticChecks } from './static-checks.ts';
import { laterCheck, probeCheck } from './tests-advice.ts';
import { againCheck, aliveCheck } from './tests-alive.ts';
import { baseCheck, frozenCheck, keptCheck } from './tests-kept.ts';
import { redFirstCheck } from './tests-red.ts';
import { unawareCheck } from './tests-unaware.ts';
import { unusable } from './words.ts';

export type ExamineStage = 'review' | 'unit' | 'integration' | 'e2e';

/** Names and results by tree of one suite, for a person to compare. */
export interface Matrix {
  readonly suite: string;
  readonly base: Readonly<Record<string, string>>;
  readonly tree: Readonly<Record<string, string>>;
}

export interface Examination {
  readonly checks: readonly Check[];
  /** Every suite was kept, frozen and alive, and a test is red on the base and green here: a critic need not look. */
  readonly proven: boolean;
  readonly matrices: readonly Matrix[];
  /** It was cut off: nothing is known, nothing is to be recorded. */
  readonly interrupted?: string;
  /** The change asks for other dependencies than those that are installed: nothing was run. */
  readonly stale?: string;
}

export interface ExamineOptions {
  readonly stage: ExamineStage;
  /** Another tree than the change's own, e.g. of a batch, and the base it stands on. */
  readonly tree?: string;
  readonly base_tree?: string;
  /** The task's own globs. */
  readonly paths?: readonly string[];
  readonly suites?: readonly string[];
}

const NOTHING = { checks: [], proven: false, matrices: [] };

/** Look at a change with all that the runtime can see for itself at one stage. What it says is bound to one tree. */
export async function examine(deps: WitnessDeps, change: Examined, options: ExamineOptions): Promise<Examination> {
  const { tree = change.tree, base_tree = change.base_tree } = options;
  const about: Examined = { ...change, base_tree };
  const stale = staleBecause(deps, about);
  if (stale !== undefined) return { ...NOTHING, stale };
  const own =
    tree === change.tree ? await staticChecks(deps, { ...about, ...(options.paths ? { paths: options.paths } : {}) }) : [];
  if (own.some(({ passed }) => !passed)) return { ...NOTHING, checks: own };
  try {
    return await examineSuites(deps, about, { ...options, tree }, own);
  } catch (error) {
    if (error instanceof Interrupted || deps.signal?.aborted)
      return { ...NOTHING, interrupted: String(error instanceof Error ? error.message : error) };
    throw error;
  }
}

async function examineSuites(
  deps: WitnessDeps,
  change: Examined,
  options: ExamineOptions & { tree: string },
  own: readonly Check[],
): Promise<Examination> {
  const checks = [...own];
  const matrices: Matrix[] = [];
  const proofs: boolean[] = [];
  let shown = false;
  for (const suite of suitesOf(deps.project.settings.suites, options)) {
    const ground = new Ground(deps, deps.clock ?? systemClock, { change, tree: options.tree, suite });
    if (ground.suite.report === 'none') {
      checks.push(await buildCheck(ground));
      continue;
    }
    const seen = await examineSuite(ground, options.stage);
    checks.push(...seen.checks);
    matrices.push(seen.matrix);
    proofs.push(seen.steady);
    shown ||= seen.shown;
  }
  const proven = shown && proofs.length > 0 && proofs.every(Boolean) && checks.every(({ passed }) => passed);
  return {
    proven,
    matrices,
    checks: checks.map((check) => ({
      ...check,
      decisive: proven && check.rule === 'tests.red_first' && (check.counts?.['shown'] ?? 0) > 0,
    })),
  };
}

/** Review and unit take the suites of units, or all but `e2e` where none is called so; integration all but `e2e`. */
function suitesOf(
  all: Readonly<Record<string, { readonly report: string }>>,
  { stage, suites }: ExamineOptions,
): readonly string[] {
  const names = Object.keys(all).filter((name) => suites === undefined || suites.includes(name) || all[name]?.report === 'none');
  if (stage === 'e2e') return names.filter((name) => name === 'e2e');
  const others = names.filter((name) => name !== 'e2e');
  if (stage === 'integration' || !others.includes('unit')) return others;
  return others.filter((name) => name === 'unit' || all[name]?.report === 'none');
}

interface Seen {
  readonly checks: readonly Check[];
  readonly matrix: Matrix;
  /** Kept, frozen, alive, the same again, and nothing that a person should look at. */
  readonly steady: boolean;
  readonly shown: boolean;
}

async function examineSuite(ground: Ground, stage: ExamineStage): Promise<Seen> {
  const base = await ground.inventory();
  const run = await ground.run(ground.tree, '1');
  const checks: Check[] = [baseCheck(ground, base), keptCheck(ground, base, run)];
  const matrix = { suite: ground.name, base: Object.fromEntries(base.cases), tree: Object.fromEntries(run.cases) };
  const refused = () => checks.some(({ passed }) => !passed);
  if (refused()) return { checks, matrix, steady: false, shown: false };
  const alive = await aliveCheck(ground);
  checks.push(alive.check, await againCheck(ground, base, run, alive.again));
  if (stage === 'integration' || stage === 'e2e')
    return { checks: await bound(ground, checks), matrix, steady: alive.shown && !refused(), shown: false };
  const frozen = await frozenCheck(ground, base);
  checks.push(frozen.check);
  const red = await redFirstCheck(ground, base, run, stage === 'review' && ground.project.settings.gates.includes('qa'));
  checks.push(red.check);
  if (refused()) return { checks: await bound(ground, checks), matrix, steady: false, shown: red.shown };
  const advice = [
    await unawareCheck(ground),
    ...(ground.suite.reads_clock ? [await laterCheck(ground, run)] : []),
    ...(ground.project.settings.mutation_probe === 'off' ? [] : [await probeCheck(ground, base, run)]),
  ];
  checks.push(...advice.map(({ check }) => check), silentCheck(ground, run));
  const steady = alive.shown && frozen.whole && base.first.report === 'ok' && advice.every(({ quiet }) => quiet) && !refused();
  return { checks: await bound(ground, checks), matrix, steady, shown: red.shown };
}

const bound = async (ground: Ground, checks: readonly Check[]): Promise<readonly Check[]> => {
  const binding = await ground.binding(ground.tree);
  return checks.map((check) => ({ ...check, binding }));
};

async function buildCheck(ground: Ground): Promise<Check> {
  const run = await ground.run(ground.tree, '1');
  const stopped = run.timed_out || run.over_limit ? unusable(run) : undefined;
  const passed = stopped === undefined && run.exit_code === 0;
  const detail = stopped ?? (passed ? 'it ended with 0' : `it ended with ${run.exit_code}: ${run.output.slice(-1_000)}`);
  return { ...ground.check('build.passes', passed, detail), binding: await ground.binding(ground.tree) };
}

function silentCheck(ground: Ground, { refused_connects = 0 }: SuiteRun): Check {
  const detail =
    refused_connects === 0 ? 'no connection was tried' : `${refused_connects} connections were tried and led nowhere`;
  return ground.check('network.silent', true, detail, { refused_connects });
}

/** A file that says what is installed differs from the base's, and a person did not say that this is what is installed. */
function staleBecause({ store, project }: WitnessDeps, { files }: Examined): string | undefined {
  const keys = new Set(project.settings.dependencies.flatMap(({ key }) => key));
  const changed = files.filter(({ path, after }) => keys.has(path) && !isInstalled(store.folder, path, after?.sha256));
  if (changed.length === 0) return undefined;
  const paths = changed.map(({ path }) => path).join(', ');
  return `${paths} differs from the base, so other dependencies may be needed than are installed`;
}
