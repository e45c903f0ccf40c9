import type { ChangeRecord } from '@vivarium/core';
import type { MergeAnswer, ProjectStore } from '../store/index.ts';

export type Conflict = Extract<MergeAnswer, { kind: 'conflict' }>;
type Patch = Pick<ChangeRecord, 'change_id' | 'base_tree' | 'tree'>;

/** Puts changes upon a tree, one upon the other, each merge once. */
export class Stack {
  readonly #store: Pick<ProjectStore, 'merge'>;
  readonly #known = new Map<string, Promise<MergeAnswer>>();
  readonly base: string;

  constructor(store: Pick<ProjectStore, 'merge'>, base: string) {
    this.#store = store;
    this.base = base;
  }

  /** The tree after each of them; with the first that does not fit, and why. */
  async upon(
    changes: readonly Patch[],
  ): Promise<{ trees: readonly string[]; unfit?: { change_id: string; conflict: Conflict } }> {
    const trees: string[] = [];
    for (const change of changes) {
      const answer = await this.#merge(trees.at(-1) ?? this.base, change);
      if (answer.kind === 'conflict') return { trees, unfit: { change_id: change.change_id, conflict: answer } };
      trees.push(answer.tree);
    }
    return { trees };
  }

  #merge(onto: string, { base_tree, tree }: Patch): Promise<MergeAnswer> {
    const key = `${onto} ${base_tree} ${tree}`;
    const known = this.#known.get(key) ?? this.#store.merge(base_tree, onto, tree);
    this.#known.set(key, known);
    return known;
  }
}

/** At most so many characters of each side: enough to see what the other did. */
const SIDE_CHARS = 1_200;

/** A conflict as the next attempt is told it: both sides of every path, cut to their first lines. */
export function conflictInWords({ paths, sides }: Conflict, others: string): string {
  const shown = sides.map(({ path, ours, theirs }) =>
    [`${path}, as ${others} left it:`, cut(ours), `${path}, as this change has it:`, cut(theirs)].join('\n'),
  );
  return [`It conflicts with ${others} in ${paths.join(', ')}. Make the change again on what the branch shows.`, ...shown].join(
    '\n\n',
  );
}

const cut = (text: string | undefined): string =>
  text === undefined ? '(not there)' : text.length <= SIDE_CHARS ? text : `${text.slice(0, SIDE_CHARS)}\n[cut]`;
