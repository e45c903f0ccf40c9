import { isoWeek, utcDay } from './calendar.ts';
import { NUMBERS } from './numbers.ts';
import type { Society } from './society.ts';

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

export const emptyCollective = (): Collective => ({
  tasks: 0,
  cost_usd: 0,
  qualities: [],
  quality_by: new Map(),
  milestones: new Map(),
  bests: new Map(),
  days_off: new Map(),
  since: undefined,
  weeks: new Map(),
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

export const RECOGNITIONS = ['efficiency_star', 'quality_champion', 'collaborator', 'test_hero', 'tool_builder'] as const;
export type Recognition = (typeof RECOGNITIONS)[number];

/** The best few of a category, never the worst. Equal ones in the order of their ids. */
export function podium(society: Society, category: Recognition): readonly { identity_id: string; value: number }[] {
  return rowsOf(society, category)
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || (a.identity_id < b.identity_id ? -1 : 1))
    .slice(0, NUMBERS.recognition_top);
}

function rowsOf({ collective, gifts, testers, crafts }: Society, category: Recognition) {
  if (category === 'test_hero')
    return [...testers].map(([identity_id, { tests, bugs }]) => ({ identity_id, value: 10 * bugs + tests }));
  if (category === 'tool_builder') {
    const built = new Map<string, number>();
    for (const { makers, uses } of crafts.values()) for (const id of makers) built.set(id, (built.get(id) ?? 0) + 2 * uses + 1);
    return [...built].map(([identity_id, value]) => ({ identity_id, value }));
  }
  if (category === 'collaborator')
    return [...gifts.thanks].map(([identity_id, { total_received }]) => ({ identity_id, value: total_received }));
  return [...collective.quality_by].map(([identity_id, { tasks, total }]) => ({
    identity_id,
    value: category === 'efficiency_star' ? tasks : total / tasks,
  }));
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
