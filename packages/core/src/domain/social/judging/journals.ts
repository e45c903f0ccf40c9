import { z } from 'zod';
import { asOwner, isPerson } from '../../../contract/actor.ts';
import { refuse } from '../../../contract/refusals.ts';
import { walletAccount } from '../../economy/accounts.ts';
import { idFrom } from '../../economy/hash.ts';
import { Postings } from '../../economy/postings.ts';
import type { GuildSlice } from '../guilds/state.ts';
import { daysLater } from '../kit/calendar.ts';
import {
  type Context,
  type Decision,
  Id,
  IdentityId,
  poor,
  RESIDENT,
  Reason,
  Standing,
  subjectOn,
  Text,
  VOTERS,
  type WorldOf,
} from '../kit/index.ts';
import { NUMBERS } from '../kit/numbers.ts';
import { nameOf, type PeopleSlice, relate } from '../people/people.ts';
import { attemptCost, estimateQuality, type JournalResult, type JournalVote, TIERS, tally, VOTES } from './journal-rules.ts';
import { drawValidators, eligibleValidators, noteJudgement, type PanelSlice } from './validators.ts';

export const JOURNAL_MINT = 'mint:journal';

type Sees = JournalSlice & PanelSlice & PeopleSlice & GuildSlice;
type World = WorldOf<Sees>;
const { action, on, subject } = subjectOn<Sees>({ mints: { journal_voted: JOURNAL_MINT } });

export interface JournalBallot {
  readonly voter_id: string;
  readonly vote: JournalVote;
  readonly reason: string;
  readonly timestamp: string;
}

/** What everybody's log knows of a journal. Its text lies in the author's own diary. */
export interface Journal {
  readonly id: string;
  readonly author_id: string;
  readonly journal_type: string;
  readonly created_at: string;
  readonly word_count: number;
  readonly tier: string;
  readonly attempt_cost: number;
  /** Who was drawn to vote on it; everybody may where too few impartial residents live. */
  readonly jurors?: readonly string[] | undefined;
  status: 'pending' | 'accepted' | 'rejected' | 'private';
  votes: JournalBallot[];
  resolved_at?: string | undefined;
  reopened_at?: string | undefined;
  result?: Outcome | undefined;
  /** Tokens paid for it and not taken back. */
  paid: number;
}

export interface JournalState {
  readonly entries: Map<string, Journal>;
  /** Until when an author pays more, by id. */
  readonly penalties: Map<string, string>;
}

export interface JournalSlice {
  readonly journals: JournalState;
}

const emptyJournals = (): JournalSlice => ({ journals: { entries: new Map(), penalties: new Map() } });

/** More are drawn than have to vote, so that one who sleeps holds nothing up. */
const JURORS = 5;
/** So few impartial residents meet everything anyway; a draw among them would only keep votes from being cast. */
const SMALL_SOCIETY = 12;

const Write = z.strictObject({
  content: Text(20_000),
  journal_type: z.enum(['reflection', 'learning', 'observation', 'correction', 'private']).default('reflection'),
});
const Vote = z.strictObject({ journal_id: Id, vote: z.enum(VOTES, 'choose how you vote'), reason: Reason });
const WroteJournal = z.object({
  journal_id: Id,
  cost: z.int(),
  quality_estimate: z.object({ tier: z.enum(TIERS), word_count: z.int(), markers_found: z.array(z.string()) }),
});
const Counted = z.object({ journal_id: Id, votes: z.int(), status: Standing });
const Written = z.object({
  id: Id,
  author_id: IdentityId,
  journal_type: z.string(),
  word_count: z.int(),
  tier: z.string(),
  attempt_cost: z.int(),
  private: z.boolean(),
  jurors: z.array(IdentityId).optional(),
});
const Outcome = z.object({
  accepted: z.boolean(),
  avg_score: z.number(),
  gaming_flagged: z.boolean(),
  refund_tokens: z.int(),
  bonus_tokens: z.int(),
  total: z.int(),
  total_awarded: z.int(),
  penalty_until: z.string().optional(),
});
type Outcome = z.infer<typeof Outcome>;
const Voted = z.object({
  journal_id: Id,
  voter_id: IdentityId,
  vote: z.enum(VOTES),
  reason: z.string(),
  outcome: Outcome.optional(),
});

function penalised({ journals }: JournalSlice, identity_id: string, now: string): boolean {
  const until = journals.penalties.get(identity_id);
  return until !== undefined && Date.parse(until) > Date.parse(now);
}

function decideWrite(
  world: World,
  { content, journal_type }: z.infer<typeof Write>,
  { actor, now, key }: Context,
): Decision<typeof WroteJournal> {
  const isPrivate = journal_type === 'private';
  const multiplied = penalised(world.society, actor, now);
  const cost = isPrivate ? 0 : attemptCost(multiplied);
  const booking = new Postings(world.tokens);
  const held = booking.balance(walletAccount(actor, 'journal')) + booking.balance(walletAccount(actor, 'free'));
  if (held < cost) return poor(held, cost);
  booking.charge(actor, 'sink:journal', cost, ['journal', 'free']);
  const id = idFrom(isPrivate ? 'journal_private' : 'journal', key);
  const quality_estimate = estimateQuality(content);
  const { tier, word_count } = quality_estimate;
  const data = {
    id,
    author_id: actor,
    journal_type,
    word_count,
    tier,
    attempt_cost: cost,
    private: isPrivate,
    journal_captured: true,
    ...(isPrivate ? {} : { jurors: jurorsFor(world, actor, key) }),
  };
  const penalty_multiplier = multiplied ? NUMBERS.journal_penalty_multiplier : 1;
  const head = { id, identity_id: actor, identity_name: nameOf(world, actor), content, journal_type, timestamp: now };
  const entry = { ...head, quality_estimate, attempt_cost: cost, penalty_multiplier };
  const event = { kind: 'journal_written', memo: `journal ${id}`, data, subjects: [], booking };
  return { ok: true, event, diary: { identity_id: actor, entry }, answer: { journal_id: id, cost, quality_estimate } };
}

/** Impartial ones by lot; in a small society everybody. */
function jurorsFor(world: World, author_id: string, seed: string): readonly string[] | undefined {
  const few = eligibleValidators(world, author_id).length <= SMALL_SOCIETY;
  return few ? undefined : drawValidators(world, author_id, seed, JURORS);
}

/** Whether somebody is asked to vote on a journal; the person always is. */
export function isAsked({ author_id, jurors }: Pick<Journal, 'author_id' | 'jurors'>, voter: string): boolean {
  return voter !== author_id && (voter === asOwner.id || jurors === undefined || jurors.includes(voter));
}

function decideVote(
  world: World,
  { journal_id, vote, reason }: z.infer<typeof Vote>,
  { actor, now }: Context,
): Decision<typeof Counted> {
  const journal = world.society.journals.entries.get(journal_id);
  if (!journal || journal.status === 'private') return refuse('journal_not_found', `No journal ${journal_id} waits for votes`);
  if (journal.status !== 'pending') return refuse('journal_already_resolved', 'This journal was decided; vote on another');
  if (journal.author_id === actor) return refuse('author_cannot_vote', 'Others vote on your journals');
  if (!isAsked(journal, actor)) return refuse('not_drawn', 'Others were drawn to vote on this journal');
  if (journal.votes.some(({ voter_id }) => voter_id === actor))
    return refuse('already_voted', 'Your vote on this journal stands');
  const votes = [...journal.votes.map((ballot) => ballot.vote), vote];
  const booking = new Postings(world.tokens);
  const outcome =
    votes.length >= NUMBERS.journal_min_votes ? settle(journal, tally(votes, journal.attempt_cost), booking, now) : undefined;
  const data = { journal_id, voter_id: actor, vote, reason, ...(outcome && { outcome }) };
  const event = { kind: 'journal_voted', memo: `vote on ${journal_id}`, data, subjects: [`journal:${journal_id}`], booking };
  const status = outcome ? (outcome.accepted ? 'accepted' : 'rejected') : 'pending';
  return { ok: true, event, answer: { journal_id, votes: votes.length, status } };
}

/** Pay what the votes grant, less what the author still holds for an earlier decision on the same journal. */
function settle(journal: Journal, result: JournalResult, booking: Postings, now: string): Outcome {
  const due = Math.max(0, result.total - journal.paid);
  const total_awarded = due > 0 ? booking.credit(JOURNAL_MINT, journal.author_id, due) : 0;
  const { accepted, avg_score, gaming_flagged, refund_tokens, bonus_tokens, total } = result;
  const penalty = gaming_flagged ? { penalty_until: daysLater(now, NUMBERS.journal_penalty_days) } : {};
  return { accepted, avg_score, gaming_flagged, refund_tokens, bonus_tokens, total, total_awarded, ...penalty };
}

const acts = {
  write_journal: action(RESIDENT, Write, WroteJournal, decideWrite),
  vote_journal: action(VOTERS, Vote, Counted, decideVote),
};

const events = {
  journal_written: on(Written, ({ journals }, { private: isPrivate, ...data }, { timestamp }) => {
    const status = isPrivate ? 'private' : 'pending';
    journals.entries.set(data.id, { ...data, created_at: timestamp, status, votes: [], paid: 0 });
  }),
  journal_voted: on(Voted, (society, { journal_id, outcome, ...ballot }, { timestamp }) => {
    const journal = society.journals.entries.get(journal_id);
    if (!journal) return;
    journal.votes.push({ ...ballot, timestamp });
    relate(society, journal.author_id, ballot.voter_id);
    const good = ballot.vote === 'accept' || ballot.vote === 'exceptional';
    if (!isPerson(ballot.voter_id)) noteJudgement(society.panels, ballot.voter_id, journal.author_id, good);
    if (!outcome) return;
    journal.status = outcome.accepted ? 'accepted' : 'rejected';
    journal.resolved_at = timestamp;
    journal.result = outcome;
    journal.paid += outcome.total_awarded;
    if (outcome.penalty_until) society.journals.penalties.set(journal.author_id, outcome.penalty_until);
  }),
};

/** Set a decided journal back to voting; `unpaid` is what could not be taken back. */
export function reopenJournal({ journals }: JournalSlice, journal_id: string, unpaid: number, timestamp: string): void {
  const journal = journals.entries.get(journal_id);
  if (!journal) return;
  if (journal.result?.penalty_until) journals.penalties.delete(journal.author_id);
  Object.assign(journal, {
    status: 'pending',
    votes: [],
    resolved_at: undefined,
    result: undefined,
    reopened_at: timestamp,
    paid: unpaid,
  });
}

export const JOURNALS = subject({ name: 'journals', empty: emptyJournals, acts, events });
