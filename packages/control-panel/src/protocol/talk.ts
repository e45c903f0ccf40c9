import { z } from 'zod';
import { BountyView } from './bounties.ts';
import { DisputeView } from './community.ts';
import { next_cursor, type Sent, success } from './sent.ts';

/** Rooms, mail, the person's standing request, and what residents wait for. */

const RoomRow = z
  .object({
    id: z.string(),
    name: z.string(),
    icon: z.string(),
    description: z.string(),
    message_count: z.number(),
    latest_timestamp: z.string(),
    latest_preview: z.string(),
  })
  .meta({ id: 'RoomRow' });
export type RoomRow = Sent<typeof RoomRow>;
export const RoomList = z.object({ success, rooms: z.array(RoomRow) }).meta({ id: 'RoomList' });

export const RoomPost = z
  .looseObject({
    id: z.string(),
    author_id: z.string().optional(),
    author_name: z.string().optional(),
    content: z.string(),
    timestamp: z.string(),
    reply_to: z.string().nullish(),
    mood: z.string().nullish(),
    task_id: z.string().optional(),
  })
  .meta({ id: 'RoomPost' });
export type RoomPost = Sent<typeof RoomPost>;

export const RoomPage = z
  .object({
    success,
    room: z.string(),
    room_name: z.string(),
    room_icon: z.string(),
    messages: z.array(RoomPost).describe('Oldest first'),
    next_cursor: next_cursor.describe('Give it as `cursor` for what was said before'),
  })
  .meta({ id: 'RoomPage' });
export type RoomPage = Sent<typeof RoomPage>;

export const RoomSaid = z
  .object({
    success,
    room: z.string(),
    message_id: z.string(),
    message: z.looseObject({ id: z.string() }),
  })
  .meta({ id: 'RoomSaid' });

const MailRow = z
  .object({
    id: z.string(),
    from_id: z.string(),
    from_name: z.string(),
    content: z.string(),
    type: z.string(),
    timestamp: z.string(),
    tokens_spent: z.number(),
    response: z.object({ response: z.string(), responded_at: z.string() }).exactOptional(),
  })
  .meta({ id: 'MailRow' });
/** One message of a resident to the person. */
export type MailRow = Sent<typeof MailRow>;
export const MailList = z.array(MailRow);

/** What residents wait for a person to do, each longest first, at most a hundred of a kind. */
export const WaitingAnswer = z
  .object({
    success,
    letters: z.array(MailRow).describe('Mail that nobody answered'),
    disputes: z.array(DisputeView).describe('Open ones'),
    bounties: z.array(BountyView).describe('Those that run and for which work was handed in: to be judged and paid'),
  })
  .meta({ id: 'WaitingAnswer' });
export type WaitingAnswer = Sent<typeof WaitingAnswer>;

const MailThread = z
  .object({
    id: z.string(),
    name: z.string(),
    unread: z.number().describe('Messages that nobody answered yet'),
    last_at: z.string().nullable(),
    last_preview: z.string(),
  })
  .meta({ id: 'MailThread' });
export type MailThread = Sent<typeof MailThread>;
export const Mailbox = z.object({ success, unread_count: z.number(), threads: z.array(MailThread) }).meta({ id: 'Mailbox' });

const MailMessage = z
  .object({
    key: z.string(),
    id: z.string(),
    direction: z.enum(['in', 'out']),
    content: z.string(),
    timestamp: z.string(),
    type: z.string().exactOptional(),
    about: z.string().exactOptional().describe('An answer is about a message of the resident'),
    settled: z.boolean().describe('Whether the person has answered (`in`) or the resident has read it (`out`)'),
  })
  .meta({ id: 'MailMessage' });
export type MailMessage = Sent<typeof MailMessage>;
export const Conversation = z
  .object({ success, id: z.string(), name: z.string(), messages: z.array(MailMessage) })
  .meta({ id: 'Conversation' });

export const Replied = z.object({ success, responded_at: z.string(), bonus: z.number() }).meta({ id: 'Replied' });
export const LetterSent = z
  .object({
    success,
    message: z.object({
      id: z.string(),
      message_id: z.string(),
      to_id: z.string(),
      content: z.string(),
      timestamp: z.string(),
    }),
    bonus: z.number(),
  })
  .meta({ id: 'LetterSent' });

export const StandingRequest = z
  .object({ request: z.string(), updated_at: z.string().nullable() })
  .meta({ id: 'StandingRequest' });
export const RequestSet = z.object({ success, updated_at: z.string() }).meta({ id: 'RequestSet' });
export const MetRequest = z
  .looseObject({
    request: z.string(),
    completed_at: z.string(),
    started_at: z.string().nullable(),
    duration: z.string().nullable(),
  })
  .meta({ id: 'MetRequest' });
export const RequestMet = z.object({ success, completed: MetRequest }).meta({ id: 'RequestMet' });
