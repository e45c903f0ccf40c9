import { type Artifacts, type ChangeRecord, type Check, CheckResults, RESULT_TREES, type ResultTree } from '@vivarium/core';
import type { ChangeDetail, TestRow } from '../protocol/changes.ts';

const MOST_ROWS = 500;
/** Results by name, of each suite on each tree; the newest run counts. */
type Runs = Map<string, Partial<Record<ResultTree, ReadonlyMap<string, 'passed' | 'failed' | 'skipped'>>>>;

/** How each test went on each tree, those that tell something first. What cannot be read any more is left out. */
export async function matrixOf(artifacts: Pick<Artifacts, 'find'>, change: ChangeRecord): Promise<ChangeDetail['matrix']> {
  const runs: Runs = new Map();
  for (const check of change.checks) await addRun(runs, artifacts, change, check);
  const rows = [...runs].flatMap(([suite, trees]) => rowsOf(suite, trees));
  const ordered = rows.sort((a, b) => Number(isTelling(b)) - Number(isTelling(a)));
  return { rows: ordered.slice(0, MOST_ROWS), total: rows.length };
}

async function addRun(runs: Runs, artifacts: Pick<Artifacts, 'find'>, { tree }: ChangeRecord, check: Check): Promise<void> {
  const found = check.artifact === undefined ? undefined : await artifacts.find(check.artifact);
  const read = CheckResults.safeParse(found ? parsed(found.bytes) : undefined);
  if (!read.success) return;
  const { suite, results } = read.data;
  const trees = runs.get(suite) ?? {};
  for (const name of RESULT_TREES) {
    const cases = results[name];
    // A run of another tree of the change says nothing of this one.
    if (cases && (check.tree === tree || name === 'base' || name === 'integrated')) trees[name] = new Map(Object.entries(cases));
  }
  runs.set(suite, trees);
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function rowsOf(suite: string, trees: NonNullable<ReturnType<Runs['get']>>): TestRow[] {
  const names = new Set(RESULT_TREES.flatMap((tree) => [...(trees[tree]?.keys() ?? [])]));
  return [...names].sort().map((name) => {
    const cells = RESULT_TREES.flatMap((tree) => (trees[tree] ? [[tree, trees[tree].get(name) ?? 'missing'] as const] : []));
    return { suite, name, ...Object.fromEntries(cells) };
  });
}

const isTelling = (row: TestRow): boolean => RESULT_TREES.some((tree) => row[tree] !== undefined && row[tree] !== 'passed');
