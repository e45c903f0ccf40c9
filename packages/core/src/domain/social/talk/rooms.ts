import { z } from 'zod';
import { asOwner } from '../../../contract/actor.ts';
import { refuse } from '../../../contract/refusals.ts';
import { idFrom } from '../../economy/hash.ts';
import {
  ANYONE,
  type Context,
  Id,
  IdentityId,
  type Post,
  RUNTIME,
  stateless,
  subjectOn,
  Text,
  unknownIdentity,
  type WorldOf,
} from '../kit/index.ts';
import { NUMBERS } from '../kit/numbers.ts';
import { nameOf } from '../people/people.ts';

type Sees = unknown;
type World = WorldOf<Sees>;
const { action, subject } = subjectOn<Sees>();

export const PUBLIC_ROOMS = [
  'town_hall',
  'watercooler',
  'improvements',
  'struggles',
  'discoveries',
  'project_war_room',
  'human_async',
] as const;

/** A room's name as its file is named: lower case, one `_` for everything else; empty is the town hall. */
export function normalRoom(name: string): string {
  const normal = name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 64);
  return normal === '' ? 'town_hall' : normal;
}

/** The room of two: both ids as they are, so that no two pairs share one. */
export function directRoom(one: string, other: string): string {
  const [first, second] = [one, other].sort();
  return `dm__${first}__${second}`;
}

const isDirect = (room: string): boolean => room.startsWith('dm_');

/** Who may read a room: everybody, or the two whose room it is. The person reads every room. */
export function mayRead(room: string, reader: string, others: Iterable<string>): boolean {
  if (!room.startsWith('dm__') || reader === asOwner.id) return true;
  return [asOwner.id, ...others].some((other) => directRoom(reader, other) === room);
}

const Say = z.strictObject({
  room: z.string().max(200).default('town_hall'),
  content: Text(NUMBERS.room_line_chars),
  mood: Text(32, 0).optional(),
  importance: z.int().min(1).max(5).default(3),
  reply_to: z.string().max(120).nullish(),
});
const Direct = z.strictObject({ identity_id: IdentityId, content: Text(NUMBERS.room_line_chars) });

const Posted = z.object({ message_id: z.string(), room: z.string() });

/** One line of a room. */
function roomLine(
  world: World,
  { actor, now, key }: Pick<Context, 'actor' | 'now' | 'key'>,
  room: string,
  part: Readonly<Record<string, unknown>>,
): Post {
  const author = { author_id: actor, author_name: nameOf(world, actor) };
  const rest = { mood: '', importance: 3, reply_to: null, ...part };
  return { log: `discussions/${room}`, line: { id: idFrom(`chat_${room}`, key), ...author, room, timestamp: now, ...rest } };
}

const acts = {
  post_message: action(ANYONE, Say, Posted, (world, { room: wanted, reply_to, mood, ...rest }, context) => {
    const room = normalRoom(wanted);
    if (isDirect(room)) return refuse('private_room', 'Use direct_message to speak to one resident');
    const post = roomLine(world, context, room, { ...rest, mood: mood ?? '', reply_to: reply_to ?? null });
    return { ok: true, posts: [post], answer: { message_id: post.line.id, room } };
  }),
  direct_message: action(ANYONE, Direct, Posted, (world, { identity_id, content }, context) => {
    if (identity_id === context.actor) return refuse('self_message', 'Write to somebody else; for yourself there is remember');
    if (identity_id !== asOwner.id && !world.identities.has(identity_id)) return unknownIdentity(identity_id);
    const room = directRoom(context.actor, identity_id);
    const post = roomLine(world, context, room, { content, direct: true, recipient_id: identity_id });
    return { ok: true, posts: [post], answer: { message_id: post.line.id, room } };
  }),
  /** What the room hears of an approved task, from its author where there is one; once, whoever announces it. */
  announce: action(
    RUNTIME,
    z.strictObject({
      identity_id: IdentityId.optional(),
      room: z.string().default('town_hall'),
      task_id: Id,
      content: Text(NUMBERS.room_line_chars),
    }),
    Posted,
    (world, { identity_id, room: wanted, task_id, content }, context) => {
      // What two say to each other is no place for news.
      const room = normalRoom(isDirect(normalRoom(wanted)) ? '' : wanted);
      const as = { ...context, actor: identity_id ?? context.actor };
      const post = roomLine(world, as, room, { id: `msg_approved_${task_id}`, content, mood: 'focused', task_id });
      return { ok: true, posts: [post], answer: { message_id: post.line.id, room } };
    },
  ),
};

export const ROOMS = subject({ name: 'rooms', empty: stateless, acts, events: {} });
