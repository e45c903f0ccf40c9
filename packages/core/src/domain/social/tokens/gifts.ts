import { z } from 'zod';
import { refuse } from '../../../contract/refusals.ts';
import { COMMONS, walletAccount } from '../../economy/accounts.ts';
import { Postings } from '../../economy/postings.ts';
import { utcDay } from '../kit/calendar.ts';
import {
  Amount,
  type Context,
  type Decision,
  IdentityId,
  KEEPERS,
  poor,
  RESIDENT,
  subjectOn,
  Text,
  unknownIdentity,
  type WorldOf,
} from '../kit/index.ts';
import { NUMBERS } from '../kit/numbers.ts';
import { OfIdentity, type PeopleSlice, relate } from '../people/people.ts';

type Sees = GiftSlice & PeopleSlice;
type World = WorldOf<Sees>;
const { action, on, subject } = subjectOn<Sees>();

export interface Thanks {
  total_received: number;
  readonly by_category: Record<string, number>;
  readonly recent: {
    readonly from_id: string;
    readonly message: string;
    readonly category: string;
    readonly timestamp: string;
  }[];
}

export interface GiftState {
  /** What a giver gave on its latest giving day. */
  readonly given: Map<string, { readonly day: string; readonly amount: number }>;
  readonly thanks: Map<string, Thanks>;
}

export interface GiftSlice {
  readonly gifts: GiftState;
}

const emptyGifts = (): GiftSlice => ({ gifts: { given: new Map(), thanks: new Map() } });

const RECENT = 20;
const Gift = z.strictObject({ identity_id: IdentityId, amount: Amount, note: Text(1_000, 0).default('') });
const Given = z.object({ from_id: IdentityId, to_id: IdentityId, amount_sent: z.int() });
const Thank = z.strictObject({
  identity_id: IdentityId,
  message: Text(600),
  category: z.enum(['help', 'collaboration', 'teaching', 'inspiration', 'general']).default('general'),
});

/** What of a gift goes to the commons. */
export function giftShare(amount: number): number {
  return Math.floor((amount * NUMBERS.gift_commons_percent) / 100);
}

function givenToday({ given }: GiftState, identity_id: string, now: string): number {
  const last = given.get(identity_id);
  return last?.day === utcDay(now) ? last.amount : 0;
}

const Sent = z.object({ amount_sent: z.int(), amount_received: z.int(), decay: z.int() });

function decideGift(
  world: World,
  { identity_id: to_id, amount, note }: z.infer<typeof Gift>,
  { actor, now }: Context,
): Decision<typeof Sent> {
  if (to_id === actor) return refuse('self_gift', 'Give to somebody else');
  if (!world.identities.has(to_id)) return unknownIdentity(to_id);
  if (amount > NUMBERS.gift_max) return refuse('exceeds_gift_limit', `At most ${NUMBERS.gift_max} tokens a gift`);
  const left = NUMBERS.gift_max_per_day - givenToday(world.society.gifts, actor, now);
  if (amount > left) return refuse('exceeds_daily_limit', `You may give ${left} more today`);
  const booking = new Postings(world.tokens);
  const from = walletAccount(actor, 'free');
  if (booking.balance(from) < amount) return poor(booking.balance(from), amount);
  const decay = giftShare(amount);
  if (decay > 0) booking.move(from, COMMONS, decay);
  const amount_received = booking.credit(from, to_id, amount - decay);
  const data = { from_id: actor, to_id, amount_sent: amount, amount_received, decay, message: note };
  const event = { kind: 'gift', memo: note || `gift to ${to_id}`, data, subjects: [`gifts:${actor}`], booking };
  return { ok: true, event, answer: { amount_sent: amount, amount_received, decay } };
}

const FromCommons = z.strictObject({ identity_id: IdentityId, amount: Amount, reason: Text(600, 3) });

const acts = {
  gift_tokens: action(RESIDENT, Gift, Sent, decideGift),
  thank: action(RESIDENT, Thank, OfIdentity, (world, { identity_id, ...rest }, { actor }) => {
    if (identity_id === actor) return refuse('self_thanks', 'Thank somebody else');
    if (!world.identities.has(identity_id)) return unknownIdentity(identity_id);
    const data = { from_id: actor, identity_id, ...rest };
    return { ok: true, event: { kind: 'thanked', memo: rest.message, data, subjects: [] }, answer: { identity_id } };
  }),
  /** The person gives from what belongs to everybody. */
  grant_from_commons: action(
    KEEPERS,
    FromCommons,
    OfIdentity.extend({ amount: z.int() }),
    (world, { identity_id, amount, reason }) => {
      if (!world.identities.has(identity_id)) return unknownIdentity(identity_id);
      const booking = new Postings(world.tokens);
      const held = booking.balance(COMMONS);
      if (held < amount) return poor(held, amount);
      const received = booking.credit(COMMONS, identity_id, amount, 'split');
      const event = { kind: 'commons_granted', memo: reason, data: { identity_id, amount: received }, subjects: [], booking };
      return { ok: true, event, answer: { identity_id, amount: received } };
    },
  ),
};

const events = {
  gift: on(Given, (society, { from_id, to_id, amount_sent }, { timestamp }) => {
    const amount = givenToday(society.gifts, from_id, timestamp) + amount_sent;
    society.gifts.given.set(from_id, { day: utcDay(timestamp), amount });
    relate(society, from_id, to_id);
  }),
  thanked: on(Thank.extend({ from_id: IdentityId }), (society, { from_id, identity_id, message, category }, { timestamp }) => {
    const thanks = society.gifts.thanks.get(identity_id) ?? { total_received: 0, by_category: {}, recent: [] };
    society.gifts.thanks.set(identity_id, thanks);
    thanks.total_received += 1;
    thanks.by_category[category] = (thanks.by_category[category] ?? 0) + 1;
    thanks.recent.unshift({ from_id, message, category, timestamp });
    if (thanks.recent.length > RECENT) thanks.recent.pop();
    relate(society, from_id, identity_id);
  }),
};

export const GIFTS = subject({ name: 'gifts', empty: emptyGifts, acts, events });
