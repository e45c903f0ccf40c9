import type { ActionEntry } from '@vivarium/core';
import { z } from 'zod';
import { LogLine } from './lines.ts';
import { BudgetView } from './money.ts';
import type { IdentityRow } from './residents.ts';
import { ProviderView, type StopStatus, SwitchView, WorkerView } from './running.ts';
import { type Sent, success } from './sent.ts';
import { Counts, TaskRow } from './tasks.ts';

/** What a page follows: one snapshot, and the numbered events after it. */

/** What a page may want to read again. */
const SocietyTopic = z.enum([
  'residents',
  'rooms',
  'mail',
  'bounties',
  'guilds',
  'journals',
  'disputes',
  'wallets',
  'library',
  'changes',
]);
export type SocietyTopic = z.infer<typeof SocietyTopic>;

const seq = z.number().int();
const Happened = z.object({
  seq,
  kind: z.literal('society'),
  topic: SocietyTopic,
  id: z.string().exactOptional().describe('Whom or what it concerns'),
  text: z.string().describe('One sentence, for a notice'),
});

/** What changed. Every one gets the next whole number as its `seq`. */
const FeedEvent = z
  .discriminatedUnion('kind', [
    z.object({ seq, kind: z.literal('task'), row: TaskRow, line: LogLine }),
    z.object({ seq, kind: z.literal('action'), line: LogLine }),
    z.object({ seq, kind: z.literal('stats'), counts: Counts, budget: BudgetView }),
    z.object({ seq, kind: z.literal('switch'), switch: SwitchView }),
    z.object({ seq, kind: z.literal('workers'), workers: z.array(WorkerView) }),
    z.object({ seq, kind: z.literal('provider'), provider: ProviderView }),
    Happened,
  ])
  .meta({ id: 'FeedEvent' });
export type FeedEvent = Sent<typeof FeedEvent>;

type Unnumbered<Event> = Event extends unknown ? Omit<Event, 'seq'> : never;
export type FeedChange = Unnumbered<FeedEvent>;
/** Something happened among residents. */
export type SocietyChange = Unnumbered<Sent<typeof Happened>>;

export const EventsPage = z
  .object({
    success,
    epoch: z.string(),
    seq,
    events: z.array(FeedEvent),
    gap: z.boolean().describe('true when events between `after` and the first one here are no longer kept'),
  })
  .meta({ id: 'EventsPage' });

/** The whole picture at one `seq`; events continue from `seq + 1`. `epoch` changes when the server restarts. */
export interface Snapshot {
  readonly seq: number;
  readonly epoch: string;
  readonly at: string;
  readonly switch: SwitchView;
  readonly budget: BudgetView;
  readonly counts: Counts;
  readonly workers: readonly WorkerView[];
  readonly provider: ProviderView;
  readonly at_work: readonly TaskRow[];
  readonly needs_you: readonly TaskRow[];
  /** The tasks that changed last, newest last. */
  readonly latest: readonly TaskRow[];
  readonly recent: readonly LogLine[];
  readonly identities: readonly IdentityRow[];
  readonly settings: {
    readonly approval: 'evidence' | 'human';
    readonly docs_only: boolean;
    readonly default_model: string;
    /** What the workspace's file `DEMO` says: a world that a script plays. Shown on every page. */
    readonly demo?: string;
  };
}

export interface ServerToClient {
  snapshot(snapshot: Snapshot): void;
  event(event: FeedEvent): void;
  log_entry(entry: ActionEntry): void;
  identities(rows: readonly IdentityRow[]): void;
  stop_status(status: StopStatus): void;
}

/** What a reconnecting socket says of the last event it saw. */
export interface SocketAuth {
  readonly seq?: number;
  readonly epoch?: string;
}
