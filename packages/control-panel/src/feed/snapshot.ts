import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { budgetView } from '../presenters/rows.ts';
import { switchView, workerViews } from '../presenters/views.ts';
import type { FeedEvent, Snapshot } from '../protocol/feed.ts';
import type { LogLine } from '../protocol/lines.ts';
import type { IdentityRow } from '../protocol/residents.ts';
import type { ProviderView } from '../protocol/running.ts';
import type { TaskRow } from '../protocol/tasks.ts';
import type { World } from '../world/world.ts';
import type { Attention } from './attention.ts';
import type { Feed } from './feed.ts';

const MOST_ROWS = 100;
const RECENT_LINES = 120;
const LATEST_ROWS = 8;

/** What the snapshot shows that is not at hand at once. */
export interface Slow {
  readonly provider: ProviderView;
  readonly identities: readonly IdentityRow[];
}

/** The whole picture at the feed's present `seq`. Made without waiting, so that nothing happens in between. */
export function snapshotOf(world: World, feed: Feed, attention: Attention, slow: Slow): Snapshot {
  const { approval, docsOnly, defaultModel } = world.config;
  const { events } = feed.after(0);
  return {
    seq: feed.seq,
    epoch: feed.epoch,
    at: world.now().toISOString(),
    switch: switchView(world),
    budget: budgetView(world.budget.state()),
    counts: world.store.counts(),
    workers: workerViews(world),
    provider: slow.provider,
    at_work: attention.atWork(MOST_ROWS).map(world.rowOf),
    needs_you: attention.held(MOST_ROWS).map(world.rowOf),
    latest: latestRows(events),
    recent: recentLines(events),
    identities: slow.identities,
    settings: { approval, docs_only: docsOnly, default_model: defaultModel, ...demoLabel(world) },
  };
}

/** A scripted world says so itself, whoever opens it. */
function demoLabel({ paths }: World): { demo?: string } {
  try {
    return { demo: readFileSync(join(paths.root, 'DEMO'), 'utf8').trim().slice(0, 300) };
  } catch {
    return {};
  }
}

function latestRows(events: readonly FeedEvent[]): TaskRow[] {
  const rows = new Map<string, TaskRow>();
  for (let index = events.length - 1; index >= 0 && rows.size < LATEST_ROWS; index -= 1) {
    const event = events[index];
    if (event?.kind === 'task' && !rows.has(event.row.id)) rows.set(event.row.id, event.row);
  }
  return [...rows.values()].reverse();
}

function recentLines(events: readonly FeedEvent[]): LogLine[] {
  const lines = events.flatMap((event) => (event.kind === 'task' || event.kind === 'action' ? [event.line] : []));
  return lines.slice(-RECENT_LINES);
}
