import { z } from 'zod';
import { isPerson } from '../../../contract/actor.ts';
import { refuse } from '../../../contract/refusals.ts';
import { idFrom, shuffled } from '../../economy/hash.ts';
import { Postings } from '../../economy/postings.ts';
import { reopenRequest } from '../guilds/guilds.ts';
import { type GuildSlice, memberSubject } from '../guilds/state.ts';
import { daysLater, hoursLater } from '../kit/calendar.ts';
import {
  type Context,
  type Decision,
  Id,
  IdentityId,
  KEEPERS,
  RESIDENT,
  Reason,
  subjectOn,
  Text,
  unknownIdentity,
  VOTERS,
  type WorldOf,
} from '../kit/index.ts';
import { NUMBERS } from '../kit/numbers.ts';
import { MEDIATOR_HAT } from '../people/hats.ts';
import { type PeopleSlice, personOf, readPerson } from '../people/people.ts';
import { JOURNAL_MINT, type JournalSlice, reopenJournal } from './journals.ts';
import { eligibleValidators, type PanelSlice } from './validators.ts';

type Sees = DisputeSlice & JournalSlice & PanelSlice & PeopleSlice & GuildSlice;
type World = WorldOf<Sees>;
const { action, on, subject } = subjectOn<Sees>({ takes_back: 'dispute_resolved' });

export interface Dispute {
  readonly dispute_id: string;
  readonly target_type: 'journal' | 'guild_join';
  readonly target_id: string;
  readonly requester_id: string;
  readonly reason: string;
  readonly risk_privilege: string;
  readonly participants: readonly string[];
  readonly chatroom_id: string;
  readonly created_at: string;
  status: 'open' | 'resolved';
  mediator?: string | undefined;
  outcome?: 'uphold' | 'reopen' | undefined;
  notes?: string | undefined;
  resolved_at?: string | undefined;
}

/** How long a dispute waits for somebody to take it up before a mediator is drawn. */
const VOLUNTEER_HOURS = 1;

export interface DisputeSlice {
  readonly disputes: Map<string, Dispute>;
}

const Open = z.strictObject({
  target_type: z.enum(['journal', 'guild_join']),
  target_id: Id,
  reason: Reason,
  risk_privilege: z.enum(['sunday_bonus', 'movie_night']).default('sunday_bonus'),
});
const Resolve = z.strictObject({
  dispute_id: Id,
  outcome: z.enum(['uphold', 'reopen']),
  notes: Text(2_000, 1, 'say what the decision rests on'),
});
const OfDispute = z.object({ dispute_id: Id });
const OpenedIn = OfDispute.extend({ room: z.string() });
const Settled = OfDispute.extend({ outcome: Resolve.shape.outcome });
const Appoint = z.strictObject({ dispute_id: Id, identity_id: IdentityId });
const Opened = Open.extend({ dispute_id: Id, requester_id: IdentityId, participants: z.array(z.string()), chatroom_id: Id });
const Resolved = Resolve.extend({ mediator: Id, unpaid: z.int().default(0), penalty_until: z.string().optional() });

/** Author or applicant and everybody who voted; undefined when the target is not there or not decided. */
function partiesOf({ society }: World, type: Dispute['target_type'], id: string): readonly string[] | undefined {
  const journal = type === 'journal' ? society.journals.entries.get(id) : undefined;
  if (journal && (journal.status === 'accepted' || journal.status === 'rejected'))
    return [...new Set([journal.author_id, ...journal.votes.map(({ voter_id }) => voter_id)])];
  const request = type === 'guild_join' ? society.guilds.requests.get(id) : undefined;
  if (request && request.status !== 'pending')
    return [...new Set([request.applicant_id, ...request.votes.map(({ voter_id }) => voter_id)])];
  return undefined;
}

function decideOpen(world: World, args: z.infer<typeof Open>, { actor, now, key }: Context): Decision<typeof OpenedIn> {
  const participants = partiesOf(world, args.target_type, args.target_id);
  if (!participants) return refuse('vote_not_resolved', 'Only a decided vote can be disputed');
  if (!participants.includes(actor)) return refuse('not_a_party', 'Only those whom the vote concerned may dispute it');
  const standing = [...world.society.disputes.values()].some((d) => d.target_id === args.target_id && d.status === 'open');
  if (standing) return refuse('dispute_already_open', 'This vote is being mediated');
  const dispute_id = idFrom(`dispute_${args.target_type}`, key);
  const chatroom_id = `dispute_${args.target_type}_${args.target_id}`.toLowerCase().replace(/[^a-z0-9_]/g, '_');
  const data = { ...args, dispute_id, requester_id: actor, participants, chatroom_id };
  const subjects = [`dispute:${args.target_id}`, targetSubject(args)];
  const content = `A dispute about ${args.target_type} ${args.target_id} was opened: ${args.reason}`.slice(
    0,
    NUMBERS.room_line_chars,
  );
  const author = { author_id: 'SYSTEM', author_name: 'SYSTEM', mood: '', importance: 3, reply_to: null };
  const line = { id: idFrom(`chat_${chatroom_id}`, key), room: chatroom_id, ...author, content, timestamp: now, type: 'system' };
  const event = { kind: 'dispute_opened', memo: args.reason, data, subjects };
  return { ok: true, event, posts: [{ log: `discussions/${chatroom_id}`, line }], answer: { dispute_id, room: chatroom_id } };
}

const targetSubject = ({ target_type, target_id }: Pick<Dispute, 'target_type' | 'target_id'>): string =>
  `${target_type === 'journal' ? 'journal' : 'request'}:${target_id}`;

function decideResolve(
  world: World,
  { dispute_id, outcome, notes }: z.infer<typeof Resolve>,
  { actor, kind, now }: Context,
): Decision<typeof Settled> {
  const dispute = world.society.disputes.get(dispute_id);
  if (!dispute) return refuse('dispute_not_found', `There is no dispute ${dispute_id}`);
  if (dispute.status !== 'open') return refuse('dispute_already_resolved', 'This dispute was decided');
  if (dispute.participants.includes(actor))
    return refuse('mediator_must_be_third_party', 'You are a party to this; a third party has to decide');
  if (kind === 'resident') {
    if (dispute.mediator !== undefined && dispute.mediator !== actor)
      return refuse('not_the_mediator', 'Somebody else mediates this dispute');
    if (readPerson(world.society, actor).hat !== MEDIATOR_HAT)
      return refuse('hat_required', `Wear the ${MEDIATOR_HAT} first: wear_hat`);
  }
  const booking = new Postings(world.tokens);
  const subjects = [`dispute:${dispute.target_id}`, targetSubject(dispute)];
  let unpaid = 0;
  if (outcome === 'reopen' && dispute.target_type === 'journal') {
    const journal = world.society.journals.entries.get(dispute.target_id);
    if (journal && journal.paid > 0) unpaid = booking.charge(journal.author_id, JOURNAL_MINT, journal.paid);
  }
  const request = world.society.guilds.requests.get(dispute.target_id);
  if (outcome === 'reopen' && request) subjects.push(`guild:${request.guild_id}`, memberSubject(request.applicant_id));
  const penalty = outcome === 'uphold' ? { penalty_until: daysLater(now, NUMBERS.dispute_penalty_days) } : {};
  const data = { dispute_id, outcome, notes, mediator: actor, unpaid, ...penalty };
  const memo = `${outcome} of ${dispute.target_id}${unpaid > 0 ? `, ${unpaid} tokens still owed` : ''}`;
  return { ok: true, event: { kind: 'dispute_resolved', memo, data, subjects, booking }, answer: { dispute_id, outcome } };
}

/** Whom the lot may make the mediator: nothing ties them to those whom the dispute concerns. */
function mediatorsFor(world: World, { participants }: Pick<Dispute, 'participants'>): readonly string[] {
  return eligibleValidators(world, ...participants.filter((id) => !isPerson(id)));
}

/** Disputes that nobody took up in time, each with the mediator whom the lot gives it. */
export function mediationsDue(world: World, now: string): readonly { dispute_id: string; identity_id: string }[] {
  return [...world.society.disputes.values()].flatMap((dispute) => {
    const { dispute_id, status, mediator, created_at } = dispute;
    const waits = status === 'open' && mediator === undefined && hoursLater(created_at, VOLUNTEER_HOURS) <= now;
    const [identity_id] = waits ? shuffled(mediatorsFor(world, dispute), dispute_id) : [];
    return identity_id === undefined ? [] : [{ dispute_id, identity_id }];
  });
}

const acts = {
  open_dispute: action(RESIDENT, Open, OpenedIn, decideOpen),
  resolve_dispute: action(VOTERS, Resolve, Settled, decideResolve),
  appoint_mediator: action(KEEPERS, Appoint, OfDispute, (world, { dispute_id, identity_id }) => {
    const dispute = world.society.disputes.get(dispute_id);
    if (dispute?.status !== 'open') return refuse('dispute_not_found', `No open dispute ${dispute_id}`);
    if (!world.identities.has(identity_id)) return unknownIdentity(identity_id);
    if (dispute.participants.includes(identity_id))
      return refuse('mediator_must_be_third_party', 'Appoint somebody who had no part in it');
    const event = {
      kind: 'mediator_appointed',
      memo: dispute_id,
      data: { dispute_id, identity_id },
      subjects: [`dispute:${dispute.target_id}`],
    };
    return { ok: true, event, answer: { dispute_id } };
  }),
};

const events = {
  dispute_opened: on(Opened, ({ disputes }, data, { timestamp }) => {
    disputes.set(data.dispute_id, { ...data, status: 'open', created_at: timestamp });
  }),
  mediator_appointed: on(Appoint, ({ disputes }, { dispute_id, identity_id }) => {
    const dispute = disputes.get(dispute_id);
    if (dispute) dispute.mediator = identity_id;
  }),
  dispute_resolved: on(Resolved, (society, { dispute_id, unpaid, penalty_until, ...rest }, { timestamp }) => {
    const dispute = society.disputes.get(dispute_id);
    if (!dispute) return;
    Object.assign(dispute, { ...rest, status: 'resolved', resolved_at: timestamp });
    if (penalty_until) personOf(society, dispute.requester_id).suspended.set(dispute.risk_privilege, penalty_until);
    if (rest.outcome !== 'reopen') return;
    if (dispute.target_type === 'journal') reopenJournal(society, dispute.target_id, unpaid, timestamp);
    else reopenRequest(society, dispute.target_id, timestamp);
  }),
};

export const DISPUTES = subject({ name: 'disputes', empty: (): DisputeSlice => ({ disputes: new Map() }), acts, events });
