import { type ChangedFile, redFirstOf, systemClock } from '@vivarium/core';
import { type Examined, Ground, type WitnessDeps } from './ground.ts';
import { Interrupted } from './kept-runs.ts';
import { listed } from './words.ts';

export interface QaProof {
  readonly passed: boolean;
  readonly detail: string;
  /** It was cut off: nothing is known. */
  readonly interrupted?: string;
}

/** Whether tests that somebody else brought show anything: they pass with the change, and some of them do not without it. */
export async function qaProof(deps: WitnessDeps, change: Examined, paths: readonly string[]): Promise<QaProof> {
  const brought = change.files.filter(({ path, after }) => paths.includes(path) && after);
  if (brought.length === 0) return { passed: false, detail: 'it brings no test' };
  try {
    for (const suite of Object.keys(deps.project.settings.suites)) {
      const ground = new Ground(deps, deps.clock ?? systemClock, { change, tree: change.tree, suite });
      const names = ground.suite.report === 'none' ? [] : await namesRedWithout(ground, brought);
      if (names.length > 0) return { passed: true, detail: `passes with the change and not without it: ${listed(names)}` };
    }
    return {
      passed: false,
      detail: `every test of ${listed(brought.map(({ path }) => path))} passes without the change too, or fails with it`,
    };
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    return { passed: false, detail: error.message, interrupted: error.message };
  }
}

async function namesRedWithout(ground: Ground, brought: readonly ChangedFile[]): Promise<readonly string[]> {
  const base = await ground.inventory();
  const onNew = await ground.run(ground.tree, '1');
  const entries = brought.map(({ path, after }): Pick<ChangedFile, 'path' | 'after'> => ({ path, ...(after ? { after } : {}) }));
  const onBase = await ground.run(await ground.store.treeWith(ground.change.base_tree, entries), '1');
  const { shown, absent } = redFirstOf(base, onBase, onNew);
  return [...shown, ...absent];
}
