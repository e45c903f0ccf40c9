import {
  CHANGE_STATES,
  type ChangeRecord,
  type ChangeStore,
  type GateStore,
  shownChange,
  shownFiles,
  stateOf,
} from '@vivarium/core';
import { type PageQuery, pageOf } from '../http/page.ts';
import type { ChangeFile, ChangePage, ChangeRow, ChangeState } from '../protocol/changes.ts';
import type { World } from '../world/world.ts';

export interface ChangeReaders {
  readonly changes: ChangeStore;
  readonly gates: GateStore;
  readonly now: () => Date;
}

/** Both logs that a change stands in, as they are at this moment. */
export async function changeReaders({
  whole,
  gates: openGates,
  now,
}: Pick<World, 'whole' | 'gates' | 'now'>): Promise<ChangeReaders> {
  const [changes, gates] = await Promise.all([whole.changes(), openGates()]);
  changes.refresh();
  gates.refresh();
  return { changes, gates, now };
}

export interface WantedChanges extends PageQuery {
  readonly project?: string | undefined;
  readonly states: readonly ChangeState[];
}

/** Changes, the newest first. The counts are of the project that is looked at, in every state. */
export function changePage(readers: ChangeReaders, { project, states, ...query }: WantedChanges): ChangePage {
  const all = [...readers.changes.state.changes.values()].reverse().filter((change) => !project || change.project === project);
  const counts: Partial<Record<ChangeState, number>> = {};
  const placed = all.map((change) => ({ change, state: stateIn(readers, change) }));
  for (const { state } of placed) counts[state] = (counts[state] ?? 0) + 1;
  const wanted = states.length === 0 ? placed : placed.filter(({ state }) => states.includes(state));
  const { rows, next_cursor } = pageOf(wanted, ({ change }) => change.change_id, query);
  return { success: true, changes: rows.map(({ change }) => rowOf(readers, change)), next_cursor, counts };
}

export const stateIn = ({ gates }: Pick<ChangeReaders, 'gates'>, change: ChangeRecord): ChangeState =>
  stateOf(change, gates.change(change.task_id));

export const isChangeState = (word: string): word is ChangeState => CHANGE_STATES.some((state) => state === word);

function rowOf(readers: ChangeReaders, change: ChangeRecord): ChangeRow {
  const shown = shownIn(readers, change);
  const { change_id, task_id, attempt, project, state, kind, author, tier, files } = shown;
  const sum = (side: 'added' | 'removed') => files.reduce((total, file) => total + file[side], 0);
  return {
    ...{ change_id, task_id, attempt, project, state, title: titleOf(change), kind, author, tier },
    ...{ files: files.length, added: sum('added'), removed: sum('removed'), approved: shown.approval !== undefined },
    ...(change.held ? { held: change.held } : {}),
    ...(change.behind === undefined ? {} : { behind: change.behind }),
    ...{ opened_at: change.opened_at, updated_at: change.updated_at },
  };
}

export const shownIn = ({ gates, now }: Pick<ChangeReaders, 'gates' | 'now'>, change: ChangeRecord) =>
  shownChange(change, { gates: gates.change(change.task_id), at: now().toISOString() });

/** Until it is handed in it has no title of its own. */
export const titleOf = ({ title, task_id }: ChangeRecord): string => (title === '' ? task_id : title);

/** The files of a change as a reader sees them, each with what its two ends are. */
export function filesIn({ files, qa }: ChangeRecord): ChangeFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return shownFiles(files).map((shown) => {
    const file = byPath.get(shown.path);
    const before = shown.from === undefined ? file?.before : byPath.get(shown.from)?.before;
    return {
      ...shown,
      ...{ test: file?.test ?? false, binary: file?.binary ?? false, by_qa: qa?.paths.includes(shown.path) ?? false },
      ...(before ? { before: endOf(before) } : {}),
      ...(file?.after ? { after: endOf(file.after) } : {}),
    };
  });
}

const endOf = ({ mode, sha256, bytes }: NonNullable<ChangeRecord['files'][number]['after']>) => ({ mode, sha256, bytes });
