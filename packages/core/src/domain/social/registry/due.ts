import { bidsDue } from '../bounties/bids.ts';
import { suspicions } from '../judging/detectors.ts';
import { mediationsDue } from '../judging/disputes.ts';
import { isoWeek, utcDay } from '../kit/calendar.ts';
import { suspicionKey } from '../talk/mail.ts';
import { milestoneReached } from '../tokens/collective.ts';
import { podium, RECOGNITIONS } from '../tokens/recognition.ts';
import { thriftDue } from '../tokens/thrift.ts';
import type { ActArgs, ActName, World } from './subjects.ts';

/** An act that the runtime owes the society. */
export type DueAct = { readonly [N in ActName]: { readonly action: N; readonly args: ActArgs<N> } }[ActName];

/** A resident's approved tasks of one calendar week. */
export const WEEKLY_METRIC = 'approved_in_a_week';

/** What is due at an instant and was not done. Each happens once, whoever does it. */
export function dueActs(world: World, now: string): readonly DueAct[] {
  const bids = bidsDue(world.society, now).map((bounty_id) => ({ action: 'open_bids' as const, args: { bounty_id } }));
  const mediators = mediationsDue(world, now).map((args) => ({ action: 'appoint_mediator' as const, args }));
  return [
    ...bids,
    ...mediators,
    ...milestones(world),
    ...recognitions(world, now),
    ...personalBests(world, now),
    ...thriftDue(world, now),
    ...reports(world),
  ];
}

/** Changes whenever something may have become due; cheap beside finding out what. */
export function dutyMark(world: World, now: string): string {
  const timed = bidsDue(world.society, now).length + mediationsDue(world, now).length;
  return `${utcDay(now)} ${world.tokens.keys.size} ${timed}`;
}

function milestones({ society, tokens }: World): readonly DueAct[] {
  const reached = milestoneReached(society.collective, (name) => tokens.keys.has(`milestone:${name}`));
  return reached ? [{ action: 'check_milestone', args: {} }] : [];
}

/** The best of the month that has ended, in a world that was there then. There is no list of the worst. */
function recognitions({ society, tokens }: World, now: string): readonly DueAct[] {
  const month = utcDay(now).slice(0, 7);
  const { since } = society.collective;
  if (since === undefined || since.slice(0, 7) >= month) return [];
  const period = monthBefore(month);
  const open = RECOGNITIONS.filter((category) => !tokens.keys.has(`recognition:${category}:${period}`));
  return open
    .filter((category) => podium(society, category).length > 0)
    .map((category) => ({ action: 'award_recognition' as const, args: { category, period } }));
}

function personalBests({ society: { collective }, identities }: World, now: string): readonly DueAct[] {
  const week = isoWeek(now);
  return [...collective.weeks].flatMap(([identity_id, { week: latest, approved, before }]) => {
    const value = latest < week ? Math.max(approved, before) : before;
    const best = collective.bests.get(`${identity_id}:${WEEKLY_METRIC}`) ?? 0;
    if (value <= best || !identities.has(identity_id)) return [];
    return [{ action: 'record_personal_best', args: { identity_id, metric: WEEKLY_METRIC, value } }];
  });
}

function reports({ society, tokens }: World): readonly DueAct[] {
  return suspicions(society)
    .map(({ kind, members, because }) => ({ kind, members: [...members].sort(), because }))
    .filter(({ kind, members }) => !tokens.keys.has(suspicionKey(kind, members)))
    .map((args) => ({ action: 'report_suspicion' as const, args }));
}

/** `2026-11` → `2026-10`. */
function monthBefore(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 2, 1)).toISOString().slice(0, 7);
}
