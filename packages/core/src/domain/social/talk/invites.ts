import { z } from 'zod';
import { refuse } from '../../../contract/refusals.ts';
import { idFrom } from '../../economy/hash.ts';
import { Id, IdentityId, RESIDENT, subjectOn, Text, unknownIdentity } from '../kit/index.ts';
import { type PeopleSlice, relate } from '../people/people.ts';

const { action, on, subject } = subjectOn<InviteSlice & PeopleSlice>();

export interface Invite {
  readonly id: string;
  readonly from_id: string;
  readonly to_id: string;
  readonly activity: string;
  readonly message: string;
  readonly location: string;
  readonly created_at: string;
  status: 'pending' | 'accepted' | 'declined' | 'expired';
}

export interface InviteSlice {
  readonly invites: Map<string, Invite>;
}

const Send = z.strictObject({
  identity_id: IdentityId,
  activity: z.enum(['writing', 'worldbuilding', 'philosophy', 'games']),
  message: Text(600),
  location: z.enum(['community_library', 'watercooler', 'creative_room']).default('watercooler'),
});
const Answer = z.strictObject({ invite_id: Id, answer: z.enum(['accepted', 'declined']) });
const Sent = z.object({
  id: Id,
  from_id: IdentityId,
  to_id: IdentityId,
  activity: z.string(),
  message: z.string(),
  location: z.string(),
});

const OfInvite = z.object({ invite_id: Id });

const acts = {
  send_invite: action(RESIDENT, Send, OfInvite, (world, { identity_id, ...rest }, { actor, key }) => {
    if (identity_id === actor) return refuse('self_invite', 'Invite somebody else');
    if (!world.identities.has(identity_id)) return unknownIdentity(identity_id);
    const data = { id: idFrom('invite', key), from_id: actor, to_id: identity_id, ...rest };
    return { ok: true, event: { kind: 'invite_sent', memo: rest.message, data, subjects: [] }, answer: { invite_id: data.id } };
  }),
  answer_invite: action(RESIDENT, Answer, OfInvite, (world, { invite_id, answer }, { actor }) => {
    const invite = world.society.invites.get(invite_id);
    if (!invite || invite.to_id !== actor) return refuse('invite_not_found', `You have no invitation ${invite_id}`);
    if (invite.status !== 'pending') return refuse('already_answered', `It was ${invite.status}`);
    const event = { kind: 'invite_answered', memo: answer, data: { invite_id, answer }, subjects: [`invite:${invite_id}`] };
    return { ok: true, event, answer: { invite_id } };
  }),
};

const events = {
  invite_sent: on(Sent, ({ invites }, data, { timestamp }) => {
    invites.set(data.id, { ...data, created_at: timestamp, status: 'pending' });
  }),
  invite_answered: on(Answer, (society, { invite_id, answer }) => {
    const invite = society.invites.get(invite_id);
    if (!invite) return;
    invite.status = answer;
    if (answer === 'accepted') relate(society, invite.from_id, invite.to_id);
  }),
};

export const INVITES = subject({ name: 'invites', empty: (): InviteSlice => ({ invites: new Map() }), acts, events });
