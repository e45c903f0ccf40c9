import { type Inventory, namesOf, type RunNames } from './inventory.ts';

export interface RedFirst {
  /** Fail by name on the base's code and pass on the new: what the change does is shown by them. */
  readonly shown: readonly string[];
  /** Pass on the new code and could not even be run on the base's: shows something, and proves nothing. */
  readonly absent: readonly string[];
}

/** The change's own tests on the base's code, against the whole change. `base`: names that the base has by itself. */
export function redFirstOf(base: Inventory, onBase: RunNames, onNew: RunNames): RedFirst {
  const green = namesOf(onNew.cases, 'passed').filter((name) => !base.flaky.has(name));
  const shown = green.filter((name) => onBase.cases.get(name) === 'failed');
  const ended = onBase.exit_code !== 0;
  return { shown, absent: ended ? green.filter((name) => !onBase.cases.has(name) && !base.cases.has(name)) : [] };
}
