import { type Check, deadBecause, differences, type Inventory, withoutPlanted } from '@vivarium/core';
import type { SuiteRun } from '../suites/index.ts';
import type { Ground } from './ground.ts';
import { listed, unusable } from './words.ts';

export interface Alive {
  readonly check: Check;
  /** Both planted tests were told truly. */
  readonly shown: boolean;
  /** The other tests' results beside them: a second run of the same tree. */
  readonly again?: SuiteRun;
}

/** Plant a test that passes and one that fails: a runner that tells the truth tells both, and ends red. */
export async function aliveCheck(ground: Ground): Promise<Alive> {
  const rule = 'tests.alive';
  const here = await ground.alive(ground.tree);
  if (!here) return { shown: false, check: ground.check(rule, true, 'not tried: no tests can be planted for this runner') };
  const dead = unusable(here.run) ?? deadBecause(here.run, here.planted);
  if (dead === undefined) {
    const again = { ...here.run, cases: withoutPlanted(here.run.cases, here.planted) };
    return { shown: true, again, check: ground.check(rule, true, 'two planted tests were told truly: one passed, one failed') };
  }
  const base = await ground.alive(ground.change.base_tree);
  const deadThere = base && (unusable(base.run) ?? deadBecause(base.run, base.planted));
  if (deadThere === dead) {
    const detail = `not known: on the base it is the same (${dead}); let the suite run new test files in the folders of its tests`;
    return { shown: false, check: ground.check(rule, true, detail) };
  }
  return { shown: false, check: ground.check(rule, false, dead) };
}

/** How often the tests that a change brings are run once more, where single files can be run. */
const MORE = 3;

/** The same tree again: a result that differs, and was not known to, is no result. */
export async function againCheck(ground: Ground, base: Inventory, run: SuiteRun, second: SuiteRun | undefined): Promise<Check> {
  const rule = 'tests.again';
  const whole = [second, ...(second && differing(base, run, second).length === 0 ? [] : [await ground.run(ground.tree, '2')])];
  const last = whole.at(-1) ?? run;
  const unsteady = new Set(differing(base, run, last));
  const own = ground.change.files.filter(({ test, after }) => test && after).map(({ path }) => path);
  if (ground.suite.only === 'paths' && own.length > 0)
    for (let turn = 1; turn <= MORE; turn++) {
      const some = await ground.run(ground.tree, `own ${turn}`, { only: own });
      for (const [name, result] of some.cases)
        if (result === 'failed' && run.cases.get(name) === 'passed' && !base.flaky.has(name)) unsteady.add(name);
    }
  if (unsteady.size === 0) return ground.check(rule, true, 'run again, every test gave the same result');
  return ground.check(rule, false, `not the same when run again: ${listed([...unsteady])}`, { unsteady: unsteady.size });
}

const differing = (base: Inventory, a: SuiteRun, b: SuiteRun): readonly string[] =>
  differences(a.cases, b.cases).filter((name) => !base.flaky.has(name));
