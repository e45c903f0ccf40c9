import { create } from 'zustand';
import type {
  BudgetView,
  Counts,
  FeedEvent,
  IdentityRow,
  LogLine,
  ProviderView,
  Snapshot,
  SwitchView,
  TaskRow,
  WorkerView,
} from '../../../src/protocol.ts';

const KEEP_LINES = 1000;
const KEEP_TOUCHED = 400;

export type Link = 'connecting' | 'live' | 'lost';

/** A line of the log with the number that tells it from every other. */
export type NumberedLine = LogLine & { readonly key: string };

/** The part of the world that the feed describes. Empty until the first snapshot. */
export interface Picture {
  readonly counts: Counts;
  readonly budget: BudgetView;
  readonly switch: SwitchView;
  readonly workers: readonly WorkerView[];
  readonly provider: ProviderView;
  readonly atWork: Readonly<Record<string, TaskRow>>;
  readonly needsYou: Readonly<Record<string, TaskRow>>;
  /** Rows that changed since the page was opened, newest last. */
  readonly touched: Readonly<Record<string, TaskRow>>;
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

/** A resident's name, from its id; `You` for a person; anything else as it stands. */
export function useName(): (actor: string) => string {
  const identities = useWorld((world) => world.picture?.identities);
  return (actor) =>
    actor === 'human' || actor.startsWith('person') ? 'You' : (identities?.find(({ id }) => id === actor)?.name ?? actor);
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
    touched: byId([...Object.values(former?.touched ?? {}), ...snapshot.latest]),
    lines: snapshot.recent.map((line, index) => ({ ...line, key: `${snapshot.epoch}:${snapshot.seq}:${index}` })),
    identities: snapshot.identities,
    settings: snapshot.settings,
    openedAt: former?.openedAt ?? snapshot.at,
  };
}

/** Apply events in order; one new picture for all of them, however many came. */
export function apply(picture: Picture, events: readonly FeedEvent[]): Picture {
  const next = { ...picture };
  const lines: NumberedLine[] = [];
  for (const event of events) {
    if (event.kind === 'task' || event.kind === 'action') lines.push({ ...event.line, key: String(event.seq) });
    if (event.kind === 'task') applyRow(next, event.row);
    else if (event.kind === 'stats') [next.counts, next.budget] = [event.counts, event.budget];
    else if (event.kind === 'switch') next.switch = event.switch;
    else if (event.kind === 'workers') next.workers = event.workers;
    else if (event.kind === 'provider') next.provider = event.provider;
  }
  if (lines.length > 0) next.lines = [...picture.lines, ...lines].slice(-KEEP_LINES);
  return next;
}

type Draft = { -readonly [Key in keyof Picture]: Picture[Key] };

function applyRow(next: Draft, row: TaskRow): void {
  const others = Object.entries(next.touched).filter(([id]) => id !== row.id);
  next.touched = Object.fromEntries([...others.slice(-KEEP_TOUCHED), [row.id, row]]);
  next.atWork = placed(next.atWork, row, row.lease !== undefined);
  next.needsYou = placed(next.needsYou, row, row.hold !== undefined);
}

function placed(rows: Readonly<Record<string, TaskRow>>, row: TaskRow, belongs: boolean): Readonly<Record<string, TaskRow>> {
  if (belongs) return { ...rows, [row.id]: row };
  if (!(row.id in rows)) return rows;
  const { [row.id]: _gone, ...rest } = rows;
  return rest;
}

/** By id, the last of each, in the order of their last place. */
function byId(rows: readonly TaskRow[]): Record<string, TaskRow> {
  const found = new Map<string, TaskRow>();
  for (const row of rows) {
    found.delete(row.id);
    found.set(row.id, row);
  }
  return Object.fromEntries(found);
}
