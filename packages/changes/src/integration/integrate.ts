import { type ChangeRecord, type Seen, searchBatch } from '@vivarium/core';
import type { ProjectStore } from '../store/index.ts';
import { conflictInWords, Stack } from './stack.ts';

/** What the suites say of a tree: red and green decide, anything else is asked again later. */
export type Look = Seen | Undecided;
interface Undecided {
  readonly kind: 'interrupted' | 'stale';
  readonly why: string;
}

export interface IntegrateDeps {
  readonly store: ProjectStore;
  /** Runs the project's suites on the tree that these changes make together, against what the branch shows. */
  look(tree: string, base_tree: string, changes: readonly ChangeRecord[]): Promise<Look>;
}

export type Integration =
  | Undecided
  | {
      readonly kind: 'done';
      readonly base: { readonly commit: string; readonly tree: string };
      /** Those that pass together, in their order, each with the tree of it and all before it. */
      readonly passing: readonly { readonly change_id: string; readonly tree: string }[];
      /** What is wrong with each of the others, as its next attempt is told. */
      readonly at_fault: ReadonlyMap<string, string>;
      readonly runs: number;
    };

/**
 * Put changes onto the branch as it is, in their order, and run the tests on the whole. A change whose text does not fit goes
 * round again, and the others stay; a red whole is searched for the change at fault. `singly`: one by one.
 */
export async function integrate(deps: IntegrateDeps, changes: readonly ChangeRecord[], singly: boolean): Promise<Integration> {
  const { store } = deps;
  const base = await store.fetchBase();
  const stack = new Stack(store, base.tree);
  const { fitting, at_fault } = await fit(stack, changes);
  const byId = new Map(fitting.map((change) => [change.change_id, change]));
  const search = searchBatch([...byId.keys()], singly);
  let asked = search.next();
  while (!asked.done) {
    const members = asked.value.flatMap((id) => byId.get(id) ?? []);
    const seen = await lookAt(deps, stack, members);
    if (!decides(seen)) return seen;
    asked = search.next(seen);
  }
  const { passing, runs } = asked.value;
  const { trees } = await stack.upon(passing.flatMap((id) => byId.get(id) ?? []));
  return {
    ...{ kind: 'done', base, runs },
    passing: passing.map((change_id, at) => ({ change_id, tree: trees[at] ?? base.tree })),
    at_fault: new Map([...at_fault, ...asked.value.at_fault]),
  };
}

const decides = (seen: Look): seen is Seen => seen.kind === 'green' || seen.kind === 'red';

/** Changes whose texts fit upon each other, and what does not. */
async function fit(stack: Stack, changes: readonly ChangeRecord[]) {
  const at_fault = new Map<string, string>();
  let fitting = [...changes];
  for (let round = await stack.upon(fitting); round.unfit; round = await stack.upon(fitting)) {
    const { change_id, conflict } = round.unfit;
    at_fault.set(change_id, conflictInWords(conflict, 'the branch, or a change before it,'));
    fitting = fitting.filter((change) => change.change_id !== change_id);
  }
  return { fitting, at_fault };
}

/** Without the one before it, a change may not fit any more: then it is the one at fault. */
async function lookAt({ look }: IntegrateDeps, stack: Stack, members: readonly ChangeRecord[]): Promise<Look> {
  const { trees, unfit } = await stack.upon(members);
  if (unfit) return { kind: 'red', why: conflictInWords(unfit.conflict, 'the branch, or a change before it,') };
  return look(trees.at(-1) ?? stack.base, stack.base, members);
}
