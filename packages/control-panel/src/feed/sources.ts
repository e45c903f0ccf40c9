import { ActionEntry } from '@vivarium/core';
import { tailLines } from '../files/tail-lines.ts';
import { lineOf, lineOfAction } from '../presenters/lines.ts';
import { budgetView } from '../presenters/rows.ts';
import { switchView, workerViews } from '../presenters/views.ts';
import type { IdentityRow } from '../protocol/residents.ts';
import type { ProviderView } from '../protocol/running.ts';
import { namesIn } from '../world/names.ts';
import type { World } from '../world/world.ts';
import type { Attention } from './attention.ts';
import { changesSource } from './changes-source.ts';
import { changed, coalesce } from './coalesce.ts';
import type { Feed } from './feed.ts';
import { societySource } from './society-source.ts';

const STATS_GAP_MS = 250;
const LOOK_MS = 2000;
const HISTORY_TASKS = 60;
const HISTORY_EVENTS = 200;
/** What people and residents do to the files of the library. */
const LIBRARY_ACTIONS: ReadonlySet<string> = new Set(['write_document', 'accept_suggestion']);

export interface SourceEvents {
  readonly attention: Attention;
  readonly provider: () => Promise<ProviderView>;
  readonly identities: () => Promise<readonly IdentityRow[]>;
  /** Somebody is looking; without them nothing slow is asked. */
  readonly watched: () => boolean;
  onAction(entry: ActionEntry): void;
  onIdentities(rows: readonly IdentityRow[]): void;
  onSwitch(): void;
}

/**
 * Carry every change of the world into the feed. Task events come one by one; counts, budget, workers and provider come
 * as their newest state, at most a few times a second however busy the world is. Returns the way to stop.
 */
export async function feedFrom(world: World, feed: Feed, events: SourceEvents): Promise<() => void> {
  replayHistory(world, feed);
  const stats = statsSource(world, feed);
  const slow = slowSource(world, feed, events);
  const offTasks = world.store.onEvent((event, record) => {
    events.attention.see(record);
    feed.publish({ kind: 'task', row: world.rowOf(record), line: lineOf(event) });
    stats.ask();
  });
  const offFollow = world.store.follow();
  const offSwitch = world.switches.watch(() => {
    feed.publish({ kind: 'switch', switch: switchView(world) });
    events.onSwitch();
  });
  const tail = await tailLines(world.paths.actionLog, (value) => {
    const entry = ActionEntry.safeParse(value);
    if (!entry.success) return;
    feed.publish({ kind: 'action', line: lineOfAction(entry.data, namesIn(world)) });
    if (LIBRARY_ACTIONS.has(entry.data.action))
      feed.publish({ kind: 'society', topic: 'library', text: 'The library has changed' });
    events.onAction(entry.data);
  });
  const [offSociety, offChanges] = await Promise.all([societySource(world, feed), changesSource(world, feed)]);
  const timer = setInterval(() => {
    stats.ask();
    slow.look();
  }, LOOK_MS).unref();
  return () => {
    clearInterval(timer);
    tail.stop();
    stats.stop();
    for (const off of [offTasks, offFollow, offSwitch, offSociety, offChanges]) off();
  };
}

/** The newest events of the newest tasks, so that a page opened after a restart does not begin empty. */
function replayHistory(world: World, feed: Feed): void {
  const { records } = world.store.list({ order: 'newest', limit: HISTORY_TASKS });
  const past = records.flatMap((record) => world.store.history(record.task.id).map((event) => ({ event, record })));
  past.sort((a, b) => a.event.timestamp.localeCompare(b.event.timestamp));
  for (const { event, record } of past.slice(-HISTORY_EVENTS))
    feed.publish({ kind: 'task', row: world.rowOf(record), line: lineOf(event) });
}

function statsSource(world: World, feed: Feed): { ask(): void; stop(): void } {
  const differs = changed();
  return coalesce(STATS_GAP_MS, () => {
    world.budget.refresh();
    const stats = { counts: world.store.counts(), budget: budgetView(world.budget.state()) };
    if (differs(stats)) feed.publish({ kind: 'stats', ...stats });
  });
}

function slowSource(world: World, feed: Feed, events: SourceEvents): { look(): void } {
  const [workersDiffer, providerDiffers, identitiesDiffer] = [changed(), changed(), changed()];
  const lookSlowly = async (): Promise<void> => {
    const provider = await events.provider();
    if (providerDiffers(provider)) feed.publish({ kind: 'provider', provider });
    const identities = await events.identities();
    if (identitiesDiffer(identities)) events.onIdentities(identities);
  };
  return {
    look() {
      const workers = workerViews(world);
      if (workersDiffer(workers.map(({ beat_at: _, ...rest }) => rest))) feed.publish({ kind: 'workers', workers });
      if (events.watched()) lookSlowly().catch((error: unknown) => world.log.error({ err: error }, 'A look at the world failed'));
    },
  };
}
