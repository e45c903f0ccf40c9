import { create } from 'zustand';
import type { FeedEvent, Snapshot } from '../../../src/protocol/feed.ts';
import type { LogLine } from '../../../src/protocol/lines.ts';
import type { BudgetView } from '../../../src/protocol/money.ts';
import type { IdentityRow } from '../../../src/protocol/residents.ts';
import type { ProviderView, SwitchView, WorkerView } from '../../../src/protocol/running.ts';
import type { Counts, TaskRow } from '../../../src/protocol/tasks.ts';

const KEEP_LINES = 1000;
const KEEP_TOUCHED = 400;

export type Link = 'connecting' | 'live' | 'lost';

/** A line of the log with the number that tells it from every other. */
export type NumberedLine = LogLine & { readonly key: string };

/** Rows by the ids of their tasks, which may be any text. */
export type RowsById = ReadonlyMap<string, TaskRow>;

/** The part of the world that the feed describes. Empty until the first snapshot. */
export interface Picture {
  readonly counts: Counts;
  readonly budget: BudgetView;
  readonly switch: SwitchView;
  readonly workers: readonly WorkerView[];
  readonly provider: ProviderView;
  readonly atWork: RowsById;
  readonly needsYou: RowsById;
  /** Rows that changed since the page was opened, newest last. */
  readonly touched: RowsById;
  readonly lines: readonly NumberedLine[];
  readonly identities: readonly IdentityRow[];
  readonly settings: Snapshot['settings'];
  readonly openedAt: string;
}

export interface WorldState {
  readonly link: Link;
  readonly picture: Picture | undefined;
}

export const useWorld = create<WorldState>(() => ({ link: 'connecting', picture: undefined }));

/** Who acts when nobody in particular does. */
const RUNTIME: ReadonlySet<string> = new Set(['runtime', 'SYSTEM', 'api', 'planner']);

/** Whose mark stands beside an act: one is yours, one the runtime's, and each resident has its own. */
export function markOf(actor: string): string {
  if (actor === 'human' || actor.startsWith('person')) return 'human';
  return RUNTIME.has(actor) ? 'runtime' : actor;
}

/** A resident's name, from its id; `You` for a person, `Vivarium` for the runtime; anything else as it stands. */
export function useName(): (actor: string) => string {
  const identities = useWorld((world) => world.picture?.identities);
  return (actor) => {
    const who = markOf(actor);
    if (who === 'human') return 'You';
    if (who === 'runtime') return 'Vivarium';
    return identities?.find(({ id }) => id === actor)?.name ?? actor;
  };
}

export function pictureOf(snapshot: Snapshot, former: Picture | undefined): Picture {
  return {
    counts: snapshot.counts,
    budget: snapshot.budget,
    switch: snapshot.switch,
    workers: snapshot.workers,
    provider: snapshot.provider,
    atWork: byId(snapshot.at_work),
    needsYou: byId(snapshot.needs_you),
    touched: byId([...(former?.touched.values() ?? []), ...snapshot.latest]),
    lines: snapshot.recent.map((line, index) => ({ ...line, key: `${snapshot.epoch}:${snapshot.seq}:${index}` })),
    identities: snapshot.identities,
    settings: snapshot.settings,
    openedAt: former?.openedAt ?? snapshot.at,
  };
}

/** Apply events in order; one new picture for all of them, however many came. */
export function apply(picture: Picture, events: readonly FeedEvent[]): Picture {
  const next: Draft = { ...picture };
  const lines: NumberedLine[] = [];
  const rows = new Map<string, TaskRow>();
  for (const event of events) {
    if (event.kind === 'task' || event.kind === 'action') lines.push({ ...event.line, key: String(event.seq) });
    if (event.kind === 'task') {
      rows.delete(event.row.id);
      rows.set(event.row.id, event.row);
    } else if (event.kind === 'stats') [next.counts, next.budget] = [event.counts, event.budget];
    else if (event.kind === 'switch') next.switch = event.switch;
    else if (event.kind === 'workers') next.workers = event.workers;
    else if (event.kind === 'provider') next.provider = event.provider;
  }
  if (lines.length > 0) next.lines = [...picture.lines, ...lines].slice(-KEEP_LINES);
  if (rows.size > 0) applyRows(next, rows);
  return next;
}

type Draft = { -readonly [Key in keyof Picture]: Picture[Key] };

function applyRows(next: Draft, rows: RowsById): void {
  const others = [...next.touched.values()].filter(({ id }) => !rows.has(id));
  next.touched = byId([...others, ...rows.values()].slice(-KEEP_TOUCHED));
  next.atWork = placed(next.atWork, rows, (row) => row.lease !== undefined);
  next.needsYou = placed(next.needsYou, rows, (row) => row.hold !== undefined);
}

/** The group of rows with the new rows that belong on it, and without those that do so no more; the same object when none is concerned. */
function placed(group: RowsById, rows: RowsById, belongs: (row: TaskRow) => boolean): RowsById {
  const changed = [...rows.values()].filter((row) => belongs(row) || group.has(row.id));
  if (changed.length === 0) return group;
  const next = new Map(group);
  for (const row of changed)
    if (belongs(row)) next.set(row.id, row);
    else next.delete(row.id);
  return next;
}

/** By id, the last of each, in the order of their last place. */
function byId(rows: readonly TaskRow[]): RowsById {
  const found = new Map<string, TaskRow>();
  for (const row of rows) {
    found.delete(row.id);
    found.set(row.id, row);
  }
  return found;
}
