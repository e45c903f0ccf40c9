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
/** Lines around what differs. */
const AROUND = 3;

/** A conflict as the next attempt is told it: both sides of every path, where they differ. */
export function conflictInWords({ paths, sides }: Conflict, others: string): string {
  const shown = sides.map(({ path, ours, theirs }) => {
    const [there, here] = whereTheyDiffer(ours?.split('\n') ?? [], theirs?.split('\n') ?? []);
    return [`${path}, as ${others} left it:`, cut(ours, there), `${path}, as this change has it:`, cut(theirs, here)].join('\n');
  });
  return [`It conflicts with ${others} in ${paths.join(', ')}. Make the change again on what the branch shows.`, ...shown].join(
    '\n\n',
  );
}

/** The lines of two texts from the first to the last that differ, with a few around them. */
function whereTheyDiffer(one: readonly string[], other: readonly string[]): readonly [string[], string[]] {
  const most = Math.min(one.length, other.length);
  let head = 0;
  while (head < most && one[head] === other[head]) head += 1;
  let tail = 0;
  while (tail < most - head && one.at(-1 - tail) === other.at(-1 - tail)) tail += 1;
  const part = (lines: readonly string[]) => lines.slice(Math.max(0, head - AROUND), lines.length - Math.max(0, tail - AROUND));
  return [part(one), part(other)];
}

function cut(text: string | undefined, lines: readonly string[]): string {
  if (text === undefined) return '(not there)';
  const shown = lines.join('\n');
  return shown.length <= SIDE_CHARS ? shown : `${shown.slice(0, SIDE_CHARS)}\n[cut]`;
}
