import { z } from 'zod';
import { asRuntime } from '../../../contract/actor.ts';
import { refuse } from '../../../contract/refusals.ts';
import { walletAccount } from '../../economy/accounts.ts';
import { idFrom } from '../../economy/hash.ts';
import { Postings } from '../../economy/postings.ts';
import {
  type Context,
  type Decision,
  Id,
  IdentityId,
  KEEPERS,
  Nothing,
  poor,
  RESIDENT,
  RUNTIME,
  subjectOn,
  Text,
  unknownIdentity,
  type WorldOf,
} from '../kit/index.ts';
import { NUMBERS } from '../kit/numbers.ts';
import { nameOf } from '../people/people.ts';

const MINT = 'mint:human_attention';

type Sees = MailSlice;
type World = WorldOf<Sees>;
const { action, on, subject } = subjectOn<Sees>({ mints: { letter_sent: MINT, mail_answered: MINT } });

const SENT_LOG = 'messages_to_human';
const SUSPICIONS = { collusion: 'a ring', rubber_stamp: 'a rubber stamp', sybil: 'one behind several names' } as const;

const Mail = z.object({
  id: Id,
  from_id: IdentityId,
  from_name: z.string(),
  content: z.string(),
  type: z.string(),
  timestamp: z.string(),
  tokens_spent: z.int(),
});
/** A message of a resident to the person. */
export type Mail = z.infer<typeof Mail> & { answer?: { response: string; responded_at: string } };

/** A message of the person to a resident. */
export interface Letter {
  readonly id: string;
  readonly content: string;
  readonly timestamp: string;
  readonly about?: string | undefined;
  read: boolean;
}

export interface MailState {
  readonly sent: Map<string, Mail>;
  readonly letters: Map<string, Letter[]>;
}

export interface MailSlice {
  readonly mail: MailState;
}

const emptyMail = (): MailSlice => ({ mail: { sent: new Map(), letters: new Map() } });

const Write = z.strictObject({
  type: z.enum(['question', 'greeting', 'idea', 'concern', 'message']).default('message'),
  content: Text(NUMBERS.room_line_chars),
});
const MISSING = 'Missing message_id or response';
const Reply = z.strictObject({
  message_id: z.string(MISSING).min(1, MISSING).max(128),
  response: Text(4_000, 1, MISSING),
});
const Send = z.strictObject({ identity_id: IdentityId, content: Text(NUMBERS.room_line_chars) });
const Letter = z.object({ id: Id, identity_id: IdentityId, content: z.string(), about: z.string().optional() });

const OfMessage = z.object({ message_id: Id });
const Rewarded = OfMessage.extend({ bonus: z.int() });

const Suspicion = z.strictObject({
  kind: z.enum(['collusion', 'rubber_stamp', 'sybil']),
  members: z.array(IdentityId).min(1),
  because: Text(2_000),
});

/** One report for one group, whatever the numbers do later. */
export const suspicionKey = (kind: string, members: readonly string[]): string =>
  idFrom('suspicion', `${kind} ${[...members].sort().join(' ')}`);

/** What the log shows about a group goes to the person, who decides; it accuses nobody and changes nothing. */
function reportSuspicion(
  world: World,
  { kind, members, because }: z.infer<typeof Suspicion>,
  { now }: Context,
): Decision<typeof OfMessage> {
  const key = suspicionKey(kind, members);
  if (world.tokens.keys.has(key)) return refuse('already_reported', 'The person knows');
  const names = members.map((id) => `${nameOf(world, id)} (${id})`).join(', ');
  const content = `The log shows what looks like ${SUSPICIONS[kind]}: ${names}. They ${because}. Please look; nothing was done about it.`;
  const head = { id: idFrom('msg', key), from_id: asRuntime.id, from_name: 'Vivarium', type: 'concern' };
  const mail = { ...head, content, timestamp: now, tokens_spent: 0 };
  const event = { kind: 'mail_sent', memo: `${kind} reported`, data: mail, subjects: [], key };
  return { ok: true, event, posts: [{ log: SENT_LOG, line: mail }], answer: { message_id: mail.id } };
}

const acts = {
  message_human: action(RESIDENT, Write, OfMessage.extend({ cost: z.int() }), (world, { type, content }, { actor, now, key }) => {
    const cost = NUMBERS.message_human_cost;
    const booking = new Postings(world.tokens);
    const held = booking.balance(walletAccount(actor, 'free'));
    if (held < cost) return poor(held, cost);
    booking.charge(actor, 'sink:mail', cost);
    const id = idFrom('msg', key);
    const mail = { id, from_id: actor, from_name: nameOf(world, actor), content, type, timestamp: now, tokens_spent: cost };
    const event = { kind: 'mail_sent', memo: 'message to the person', data: mail, subjects: [], booking };
    return { ok: true, event, posts: [{ log: SENT_LOG, line: mail }], answer: { message_id: id, cost } };
  }),
  reply_message: action(KEEPERS, Reply, Rewarded, (world, { message_id, response }) => {
    const mail = world.society.mail.sent.get(message_id);
    if (!mail) return refuse('message_not_found', `No resident sent a message ${message_id}`);
    const booking = new Postings(world.tokens);
    const bonus = mail.answer || mail.from_id === asRuntime.id ? 0 : NUMBERS.human_reply_bonus;
    if (bonus > 0) booking.credit(MINT, mail.from_id, bonus, 'split');
    const data = { id: message_id, identity_id: mail.from_id, content: response, about: mail.content };
    const event = { kind: 'mail_answered', memo: 'reply of the person', data, subjects: [`mail:${message_id}`], booking };
    return { ok: true, event, answer: { message_id, bonus } };
  }),
  send_message: action(KEEPERS, Send, Rewarded, (world, { identity_id, content }, { key }) => {
    if (!world.identities.has(identity_id)) return unknownIdentity(identity_id);
    const id = idFrom('human_out', key);
    const booking = new Postings(world.tokens);
    booking.credit(MINT, identity_id, NUMBERS.human_message_bonus, 'split');
    const event = {
      kind: 'letter_sent',
      memo: 'message of the person',
      data: { id, identity_id, content },
      subjects: [],
      booking,
    };
    return { ok: true, event, answer: { message_id: id, bonus: NUMBERS.human_message_bonus } };
  }),
  report_suspicion: action(RUNTIME, Suspicion, OfMessage, reportSuspicion),
  read_mail: action(
    ['resident', 'runtime'],
    z.strictObject({ identity_id: IdentityId.optional(), letter_ids: z.array(Id).max(100).optional() }),
    Nothing,
    (_world, args, { actor, kind }) => {
      const identity_id = kind === 'resident' ? actor : args.identity_id;
      if (identity_id === undefined) return refuse('invalid_arguments', 'Say whose mail was read');
      const { letter_ids } = args;
      const data = { identity_id, ...(letter_ids && { letter_ids }) };
      const event = { kind: 'mail_read', memo: 'read mail', data, subjects: [] };
      return { ok: true, event, answer: {} };
    },
  ),
};

const MailRead = z.object({ identity_id: IdentityId, letter_ids: z.array(Id).optional() });

const events = {
  mail_sent: on(Mail, ({ mail }, data) => void mail.sent.set(data.id, data)),
  mail_answered: on(Letter, ({ mail }, data, { timestamp }) => {
    const sent = mail.sent.get(data.id);
    if (sent) sent.answer = { response: data.content, responded_at: timestamp };
    deliver(mail, data, timestamp);
  }),
  letter_sent: on(Letter, ({ mail }, data, { timestamp }) => deliver(mail, data, timestamp)),
  /** All of it, unless it says which letters. */
  mail_read: on(MailRead, ({ mail }, { identity_id, letter_ids }) => {
    for (const letter of mail.letters.get(identity_id) ?? []) if (letter_ids?.includes(letter.id) ?? true) letter.read = true;
  }),
};

function deliver(mail: MailState, { id, identity_id, content, about }: z.infer<typeof Letter>, timestamp: string): void {
  // A reply that was written anew takes the place of the former one.
  const letters = (mail.letters.get(identity_id) ?? []).filter((letter) => letter.id !== id);
  letters.push({ id, content, timestamp, read: false, ...(about === undefined ? {} : { about }) });
  mail.letters.set(identity_id, letters);
}

export const MAIL = subject({ name: 'mail', empty: emptyMail, acts, events });
