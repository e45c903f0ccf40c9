import { allKept, type ChangedFile, type Check, type Inventory, type KeptTests, keptTests } from '@vivarium/core';
import type { SuiteRun } from '../suites/index.ts';
import type { Ground } from './ground.ts';
import { listed, unusable } from './words.ts';

/** What the base's tests say; a base that is red, or has no tests, is told and rejects nothing. */
export function baseCheck(ground: Ground, { first, cases, flaky }: Inventory & { first: SuiteRun }): Check {
  const failed = [...cases].filter(([, result]) => result === 'failed').map(([name]) => name);
  const words = [
    unusable(first) ?? `${cases.size} tests by name`,
    ...(failed.length > 0 ? [`failing already: ${listed(failed)}`] : []),
    ...(flaky.size > 0 ? [`not the same twice: ${listed([...flaky])}`] : []),
  ];
  return ground.check('tests.base', true, words.join('; '), { tests: cases.size, failed: failed.length, flaky: flaky.size });
}

export function keptCheck(ground: Ground, base: Inventory, run: SuiteRun): Check {
  const refused = unusable(run);
  if (refused !== undefined) return ground.check('tests.kept', false, refused);
  const kept = keptTests(base, run, removedNames(ground));
  return ground.check('tests.kept', allKept(kept), wordsOf(kept, run), countsOf(kept, run));
}

/** The base's own tests and settings of tests against the new code. */
export async function frozenCheck(ground: Ground, base: Inventory): Promise<Check> {
  const back = ground.judging.map(
    ({ path, before }): Pick<ChangedFile, 'path' | 'after'> => ({ path, ...(before ? { after: before } : {}) }),
  );
  if (back.length === 0) return ground.check('tests.frozen', true, 'it changes no test and no setting of tests');
  const run = await ground.run(await ground.store.treeWith(ground.tree, back), '1');
  const refused = base.cases.size > 0 ? unusable(run) : undefined;
  if (refused !== undefined) return ground.check('tests.frozen', false, `with the base's tests: ${refused}`);
  const removed = removedNames(ground);
  const all = keptTests(base, run, removed);
  // A test that may go may fail on the code without what it tests, and its file need not load.
  const lost = all.lost.filter(({ name }) => !removed.has(name));
  const broken = all.broken.filter((name) => !(removed.size > 0 && lost.length === 0 && name.endsWith('(as a whole)')));
  const kept = { ...all, lost, broken };
  return ground.check('tests.frozen', allKept(kept), `with the base's tests: ${wordsOf(kept, run)}`, countsOf(kept, run));
}

const removedNames = ({ change }: Ground): ReadonlySet<string> => new Set(change.removed_tests.map(({ name }) => name));

function wordsOf(kept: KeptTests, run: SuiteRun): string {
  const of = (is: KeptTests['lost'][number]['is']) => kept.lost.filter((each) => each.is === is).map(({ name }) => name);
  const parts = [
    ['passed on the base and failed here', of('failed')],
    ['passed on the base and was skipped here', of('skipped')],
    ['passed on the base and is missing here', of('missing')],
    ['new and failed', kept.broken],
    ['failed on the base already', kept.old],
    ['failed on the base and passed here', kept.mended],
    ['removed, as it says', kept.removed],
  ] as const;
  const words = parts.filter(([, names]) => names.length > 0).map(([what, names]) => `${what}: ${listed(names)}`);
  return [`${run.cases.size} tests by name`, ...words, ...(kept.contradiction ? [kept.contradiction] : [])].join('; ');
}

const countsOf = (kept: KeptTests, run: SuiteRun): Record<string, number> => ({
  tests: run.cases.size,
  lost: kept.lost.length,
  broken: kept.broken.length,
  old: kept.old.length,
  mended: kept.mended.length,
});
