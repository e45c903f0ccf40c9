import { type Inventory, keptTests, namesOf } from '@vivarium/core';
import type { SuiteRun } from '../suites/index.ts';
import { canShiftClock } from '../suites/later.ts';
import type { Advice, Ground } from './ground.ts';
import { hunksOf } from './hunks.ts';
import { listed, unusable } from './words.ts';

const LATER_DAYS = 400;

/** The same tree on a day more than a year away. */
export async function laterCheck(ground: Ground, run: SuiteRun): Promise<Advice> {
  const rule = 'tests.later';
  if (!canShiftClock()) return { quiet: true, check: ground.check(rule, true, 'not tried: libfaketime is not installed') };
  const later = await ground.run(ground.tree, 'later', { days_later: LATER_DAYS });
  const { lost, broken } = keptTests({ ...run, flaky: new Set() }, later, new Set());
  const names = [...lost.map(({ name }) => name), ...broken];
  const refused = unusable(later);
  if (refused === undefined && names.length === 0)
    return { quiet: true, check: ground.check(rule, true, `the same ${LATER_DAYS} days later`) };
  const detail = `${LATER_DAYS} days later ${refused ?? `these differ: ${listed(names)}`}`;
  return { quiet: false, check: ground.check(rule, true, detail, { differ: names.length }) };
}

const MOST_HUNKS = 10;

/** Each changed stretch of code taken back alone: when no test fails, none protects it. */
export async function probeCheck(ground: Ground, base: Inventory, run: SuiteRun): Promise<Advice> {
  const unprotected: string[] = [];
  let tried = 0;
  for (const file of ground.judged) {
    if (!file.before || !file.after || file.binary || file.tier === 'D') continue;
    const after = (await ground.store.read(file.after.oid)).toString();
    const patch = await ground.store.patch(ground.change.base_tree, ground.change.tree, [file.path]);
    for (const { line, without } of hunksOf(patch, after)) {
      if (tried++ >= MOST_HUNKS) break;
      const back = { path: file.path, after: { ...file.after, oid: await ground.store.write(Buffer.from(without)) } };
      const probe = await ground.run(await ground.store.treeWith(ground.tree, [back]), '1');
      const known = (name: string) => base.flaky.has(name) || run.cases.get(name) === 'failed';
      const caught = unusable(probe) !== undefined || namesOf(probe.cases, 'failed').some((name) => !known(name));
      if (!caught && probe.exit_code === run.exit_code) unprotected.push(`${file.path}:${line}`);
    }
  }
  const counts = { tried: Math.min(tried, MOST_HUNKS), unprotected: unprotected.length };
  if (unprotected.length === 0) {
    const detail =
      tried === 0
        ? 'no changed stretch of code to take back'
        : `changed stretches taken back one by one (${counts.tried}): each makes a test fail`;
    return { quiet: true, check: ground.check('tests.probe', true, detail, counts) };
  }
  const passed = ground.project.settings.mutation_probe !== 'reject';
  return { quiet: false, check: ground.check('tests.probe', passed, `no test fails without ${unprotected.join(', ')}`, counts) };
}
