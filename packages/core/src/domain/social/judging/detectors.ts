import { asRuntime, isPerson } from '../../../contract/actor.ts';
import type { GuildSlice } from '../guilds/state.ts';
import type { CreatedSlice } from '../people/creation.ts';
import type { PeopleSlice } from '../people/people.ts';
import type { JournalSlice } from './journals.ts';
import type { PanelSlice } from './validators.ts';

type Votes = JournalSlice & GuildSlice & PanelSlice;

/** Something a person should look at. A finding accuses nobody; it shows numbers. */
export interface Finding {
  readonly kind: 'collusion' | 'rubber_stamp' | 'sybil';
  readonly members: readonly string[];
  readonly because: string;
}

interface Ballot {
  readonly voter: string;
  readonly author: string;
  readonly good: boolean;
  readonly reason: string;
}

const MIN_EACH_WAY = 3;
const MIN_BALLOTS = 10;
/** How unlikely a ring's agreement has to be before it is shown. */
const CHANCE = 0.000_001;
const STAMP_SHARE = 0.95;
const USUAL_SHARE = 0.9;
const SAME_REASON_SHARE = 0.8;
const MIN_JURORS = 3;
const FAVOUR_CHANCE = 0.001;
const MIN_PUPPETS = 3;
const PUPPET_SHARE = 0.8;

/** Rings, rubber stamps and puppets, from the log alone. */
export function suspicions(society: Votes & PeopleSlice & CreatedSlice): readonly Finding[] {
  const ballots = ballotsOf(society);
  return [...rings(ballots), ...favours(society), ...rubberStamps(ballots), ...puppets(society, ballots)];
}

function ballotsOf({ journals, guilds, panels }: Votes): readonly Ballot[] {
  const all: Ballot[] = [];
  for (const { author_id: author, votes } of journals.entries.values()) {
    for (const { voter_id, vote, reason } of votes)
      all.push({ voter: voter_id, author, good: vote === 'accept' || vote === 'exceptional', reason });
  }
  for (const { applicant_id: author, votes } of guilds.requests.values()) {
    for (const { voter_id, vote, reason } of votes) all.push({ voter: voter_id, author, good: vote === 'accept', reason });
  }
  for (const { author_id: author, votes } of panels.bySubject.values()) {
    for (const [voter, vote] of votes) all.push({ voter, author, good: vote === 'accept', reason: '' });
  }
  return all.filter(({ voter }) => !isPerson(voter));
}

/**
 * Residents who always approve each other, more often than their judgement of others explains by chance. Who is tied to
 * less than two thirds of a group is no part of it.
 */
function rings(ballots: readonly Ballot[]): readonly Finding[] {
  const counts = new Map<string, { good: number; all: number }>();
  for (const { voter, author, good } of ballots) count(counts, `${voter}\n${author}`, good);
  const always = ([pair, { good, all }]: [string, { good: number; all: number }]) =>
    all >= MIN_EACH_WAY && good === all ? [pair] : [];
  const fond = new Set([...counts].flatMap(always));
  const tied = (a: string, b: string) => fond.has(`${a}\n${b}`) && fond.has(`${b}\n${a}`);
  const mutual = [...fond].map((pair) => pair.split('\n')).filter(([a = '', b = '']) => tied(a, b));
  return groupsOf(mutual)
    .map((members) => core(members, tied))
    .filter((members) => members.length >= 2)
    .flatMap((members) => {
      const [inside, outside] = [shareOf(ballots, members, true), shareOf(ballots, members, false)];
      const usual = (outside.good + 1) / (outside.all + 2);
      if (tail(inside.all, inside.good, usual) > CHANCE) return [];
      const because = `approve each other ${percent(inside.share)} of ${inside.all} times, others ${percent(outside.share)} of ${outside.all}`;
      return [{ kind: 'collusion' as const, members, because }];
    });
}

/**
 * Residents who approved each other's work that a later check found bad, while they saw the faults of others. A careless
 * juror alone makes no such group, nor does a whole society of careless ones.
 */
function favours({ panels, people }: PanelSlice & PeopleSlice): readonly Finding[] {
  const seen: (readonly [juror: string, author: string, wrong: boolean])[] = [];
  for (const { author_id, votes, verified } of panels.bySubject.values()) {
    if (verified === 'bad') for (const [juror, vote] of votes) seen.push([juror, author_id, vote === 'accept']);
  }
  return groupsOf(seen.flatMap(([juror, author, wrong]) => (wrong ? [[juror, author]] : []))).flatMap((members) => {
    const group = new Set(members);
    const own = seen.filter(([juror]) => group.has(juror));
    const inside = own.filter(([, author]) => group.has(author));
    const wrong = inside.filter(([, , bad]) => bad);
    const outside = own.length - inside.length;
    const jurors = new Set(wrong.map(([juror]) => juror)).size;
    if (jurors < MIN_JURORS || members.length * 2 > people.size) return [];
    if (tail(inside.length, wrong.length, 1 / (outside + 2)) > FAVOUR_CHANCE) return [];
    const because = `approved ${wrong.length} of ${inside.length} works of each other that were bad, and none of ${outside} of others`;
    return [{ kind: 'collusion' as const, members, because }];
  });
}

/** The chance of at least `good` yeses in `all` votes when each is a yes with this probability. */
function tail(all: number, good: number, probability: number): number {
  let term = probability ** all;
  let sum = 0;
  for (let yes = all; yes >= good; yes--) {
    sum += term;
    term *= (yes / (all - yes + 1)) * ((1 - probability) / probability);
  }
  return sum;
}

/** A group without those who are tied to less than two thirds of it, the loosest first. */
function core(members: readonly string[], tied: (a: string, b: string) => boolean): readonly string[] {
  const ties = members.map((one) => members.filter((other) => other !== one && tied(one, other)).length);
  const least = Math.min(...ties);
  if (members.length <= 2 || least * 3 >= 2 * (members.length - 1)) return members;
  return core(members.toSpliced(ties.indexOf(least), 1), tied);
}

function shareOf(ballots: readonly Ballot[], members: readonly string[], inside: boolean) {
  const ring = new Set(members);
  const own = ballots.filter(({ voter, author }) => ring.has(voter) && ring.has(author) === inside);
  const good = own.filter((ballot) => ballot.good).length;
  return { all: own.length, good, share: own.length === 0 ? 0 : good / own.length };
}

function groupsOf(pairs: readonly (readonly string[])[]): readonly string[][] {
  const group = new Map<string, Set<string>>();
  for (const [a, b] of pairs) {
    if (a === undefined || b === undefined) continue;
    const joined = new Set([a, b, ...(group.get(a) ?? []), ...(group.get(b) ?? [])]);
    for (const member of joined) group.set(member, joined);
  }
  return [...new Set(group.values())].map((members) => [...members].sort());
}

/** Voters who say yes to nearly everything, or the same words each time. */
function rubberStamps(ballots: readonly Ballot[]): readonly Finding[] {
  const byVoter = groupBy(ballots);
  const usual = ballots.length === 0 ? 1 : ballots.filter(({ good }) => good).length / ballots.length;
  const found: Finding[] = [];
  for (const [voter, own] of byVoter) {
    if (own.length < MIN_BALLOTS) continue;
    const share = own.filter(({ good }) => good).length / own.length;
    const reasons = new Map<string, { good: number; all: number }>();
    for (const { reason } of own) if (reason !== '') count(reasons, reason.trim().toLowerCase(), true);
    const same = Math.max(0, ...[...reasons.values()].map(({ all }) => all)) / own.length;
    const stamps = share >= STAMP_SHARE && usual < USUAL_SHARE;
    if (!stamps && same < SAME_REASON_SHARE) continue;
    const because = stamps
      ? `says yes to ${percent(share)} of ${own.length}; usual is ${percent(usual)}`
      : `gives the same reason ${percent(same)} of the time`;
    found.push({ kind: 'rubber_stamp', members: [voter], because });
  }
  return found;
}

/** Residents of one maker whose votes go to that maker and to each other. */
function puppets({ created }: CreatedSlice, ballots: readonly Ballot[]): readonly Finding[] {
  const makers = new Map<string, string[]>();
  for (const { id, created_by } of created.values()) {
    const maker =
      typeof created_by === 'object' && created_by !== null && 'identity_id' in created_by ? String(created_by.identity_id) : '';
    if (maker !== '' && !isPerson(maker) && maker !== asRuntime.id) makers.set(maker, [...(makers.get(maker) ?? []), id]);
  }
  return [...makers].flatMap(([maker, made]) => {
    const family = new Set([maker, ...made]);
    const cast = ballots.filter(({ voter, good }) => good && made.includes(voter));
    const home = cast.filter(({ author }) => family.has(author)).length;
    if (made.length < MIN_PUPPETS || cast.length < MIN_EACH_WAY || home / cast.length < PUPPET_SHARE) return [];
    const because = `${made.length} residents made by ${maker} give ${percent(home / cast.length)} of their ${cast.length} approvals to each other`;
    return [{ kind: 'sybil' as const, members: [maker, ...made], because }];
  });
}

function groupBy(ballots: readonly Ballot[]): Map<string, Ballot[]> {
  const groups = new Map<string, Ballot[]>();
  for (const ballot of ballots) {
    const own = groups.get(ballot.voter);
    if (own) own.push(ballot);
    else groups.set(ballot.voter, [ballot]);
  }
  return groups;
}

function count(counts: Map<string, { good: number; all: number }>, key: string, good: boolean): void {
  const held = counts.get(key) ?? { good: 0, all: 0 };
  counts.set(key, held);
  held.all += 1;
  if (good) held.good += 1;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
