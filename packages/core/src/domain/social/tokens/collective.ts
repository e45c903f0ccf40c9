import { isoWeek, utcDay } from '../kit/calendar.ts';

/** What all residents did together, from verified outcomes only. */
export interface Collective {
  tasks: number;
  cost_usd: number;
  /** Of the last hundred. */
  readonly qualities: number[];
  readonly quality_by: Map<string, { tasks: number; total: number }>;
  readonly milestones: Map<string, { readonly achieved_at: string; readonly participants_rewarded: readonly string[] }>;
  readonly bests: Map<string, number>;
  readonly days_off: Map<string, number>;
  /** The day of the first verified outcome. */
  since: string | undefined;
  /** By resident: approved tasks of its latest ISO week with work, and the most of any week before. */
  readonly weeks: Map<string, { readonly week: string; readonly approved: number; readonly before: number }>;
}

export interface CollectiveSlice {
  readonly collective: Collective;
}

export const emptyCollective = (): CollectiveSlice => ({
  collective: {
    tasks: 0,
    cost_usd: 0,
    qualities: [],
    quality_by: new Map(),
    milestones: new Map(),
    bests: new Map(),
    days_off: new Map(),
    since: undefined,
    weeks: new Map(),
  },
});

const WINDOW = 100;

const MILESTONES = [
  { name: 'bronze', tasks: 20, quality: 0.8, per_usd: 0, tokens: 50, cap: 0, day_off: false },
  { name: 'silver', tasks: 50, quality: 0.85, per_usd: 15, tokens: 100, cap: 25, day_off: false },
  { name: 'gold', tasks: 100, quality: 0.9, per_usd: 20, tokens: 150, cap: 50, day_off: true },
  { name: 'diamond', tasks: 200, quality: 0.92, per_usd: 25, tokens: 250, cap: 100, day_off: true },
] as const;

/** The lowest milestone that is reached and was not celebrated. Work that cost nothing is as efficient as can be. */
export function milestoneReached(all: Collective, celebrated: (name: string) => boolean) {
  const quality = mean(all.qualities);
  return MILESTONES.find(({ name, tasks, quality: wanted, per_usd }) => {
    if (celebrated(name) || all.tasks < tasks || quality < wanted) return false;
    return per_usd === 0 || all.cost_usd === 0 || all.tasks / all.cost_usd >= per_usd;
  });
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

interface Outcome {
  readonly identity_id: string;
  readonly verdict: string;
  readonly quality?: number | undefined;
  readonly cost_usd?: number | undefined;
}

/** The same outcomes that make a resident's own counters. */
export function noteOutcome(collective: Collective, outcome: Outcome, timestamp: string): void {
  const { identity_id, verdict, quality = 0.8, cost_usd = 0 } = outcome;
  collective.since ??= utcDay(timestamp);
  collective.cost_usd += cost_usd;
  if (verdict !== 'approved') return;
  collective.tasks += 1;
  collective.qualities.push(quality);
  if (collective.qualities.length > WINDOW) collective.qualities.shift();
  const own = collective.quality_by.get(identity_id) ?? { tasks: 0, total: 0 };
  collective.quality_by.set(identity_id, own);
  own.tasks += 1;
  own.total += quality;
  noteWeek(collective.weeks, identity_id, isoWeek(timestamp));
}

function noteWeek(weeks: Collective['weeks'], identity_id: string, week: string): void {
  const { week: latest, approved, before } = weeks.get(identity_id) ?? { week, approved: 0, before: 0 };
  const next = latest === week ? { approved: approved + 1, before } : { approved: 1, before: Math.max(before, approved) };
  weeks.set(identity_id, { week, ...next });
}
