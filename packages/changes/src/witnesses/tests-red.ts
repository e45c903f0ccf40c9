import { type ChangedFile, type Check, type Inventory, redFirstOf } from '@vivarium/core';
import type { SuiteRun } from '../suites/index.ts';
import type { Ground } from './ground.ts';
import { listed } from './words.ts';

export interface RedFirst {
  readonly check: Check;
  /** A test fails by name on the base's code and passes on the new. */
  readonly shown: boolean;
}

/** The change's tests on the base's code. `wait`: somebody else may still bring the test. */
export async function redFirstCheck(ground: Ground, base: Inventory, run: SuiteRun, wait: boolean): Promise<RedFirst> {
  const rule = 'tests.red_first';
  const bound = ground.change.kind === 'fix' && !wait;
  const none = (why: string): RedFirst => ({ shown: false, check: ground.check(rule, !bound, why) });
  const own = ground.judging.filter(({ after }) => after);
  if (own.length === 0) return none(`it brings no test that fails on the base${wait ? '; QA may bring one' : ''}`);
  const entries = own.map(({ path, after }): Pick<ChangedFile, 'path' | 'after'> => ({ path, ...(after ? { after } : {}) }));
  const onBase = await ground.run(await ground.store.treeWith(ground.change.base_tree, entries), '1');
  const { shown, absent } = redFirstOf(base, onBase, run);
  const counts = { shown: shown.length, absent: absent.length };
  if (shown.length > 0)
    return {
      shown: true,
      check: ground.check(rule, true, `fails on the base's code and passes on the new: ${listed(shown)}`, counts),
    };
  if (absent.length > 0) {
    const detail = `cannot be run on the base's code, and passes on the new: ${listed(absent)}`;
    return { shown: false, check: ground.check(rule, true, detail, counts) };
  }
  return none(`none of its tests fails on the base's code${wait ? '; QA may bring one that does' : ''}`);
}
