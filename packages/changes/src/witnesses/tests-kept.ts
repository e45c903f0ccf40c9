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

export interface Frozen {
  readonly check: Check;
  /** Every test of the base was looked at as the base has it. */
  readonly whole: boolean;
}

/** The base's own tests and settings of tests against the new code. */
export async function frozenCheck(ground: Ground, base: Inventory): Promise<Frozen> {
  const rule = 'tests.frozen';
  const back = ground.judging;
  if (back.length === 0) return { whole: true, check: ground.check(rule, true, 'it changes no test and no setting of tests') };
  let run = await withBases(ground, back);
  const left = base.cases.size > 0 && unusable(run) !== undefined ? await filesOfRemoved(ground) : [];
  if (left.length > 0)
    run = await withBases(
      ground,
      back.filter((file) => !left.includes(file)),
    );
  const but = left.length > 0 ? ` but those of ${left.map(({ path }) => path).join(', ')}` : '';
  const what = `with the base's tests${but}: `;
  const refused = base.cases.size > 0 ? unusable(run) : undefined;
  if (refused !== undefined) return { whole: false, check: ground.check(rule, false, `${what}${refused}`) };
  const removed = removedNames(ground);
  const all = keptTests(base, run, removed);
  // A test that may go may fail on the code without what it tests, and its file need not load.
  const lost = all.lost.filter(({ name }) => !removed.has(name));
  const broken = all.broken.filter((name) => !(removed.size > 0 && lost.length === 0 && name.endsWith('(as a whole)')));
  const kept = { ...all, lost, broken };
  const check = ground.check(rule, allKept(kept), `${what}${wordsOf(kept, run)}`, countsOf(kept, run));
  return { whole: left.length === 0, check };
}

async function withBases(ground: Ground, files: readonly ChangedFile[]): Promise<SuiteRun> {
  const back = files.map(({ path, before }) => ({ path, ...(before ? { after: before } : {}) }));
  return ground.run(await ground.store.treeWith(ground.tree, back), '1');
}

/** Changed test files that had a test which the change removes by name: in compiled languages they no longer build with the base's text. */
async function filesOfRemoved(ground: Ground): Promise<readonly ChangedFile[]> {
  const words = [...removedNames(ground)].map((name) => name.split(/ > |::/).at(-1) ?? name);
  const text = async (oid: string) => (await ground.store.read(oid)).toString();
  const found: ChangedFile[] = [];
  for (const file of ground.judging) {
    if (!file.test || !file.before || words.length === 0) continue;
    const [before, after] = [await text(file.before.oid), file.after ? await text(file.after.oid) : ''];
    if (words.some((word) => before.includes(word) && !after.includes(word))) found.push(file);
  }
  return found;
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
