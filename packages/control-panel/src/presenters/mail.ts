import { directRoom } from '@vivarium/core';
import { text } from '../files/rooms.ts';
import type { MailMessage, MailRow, MailThread } from '../protocol/talk.ts';
import type { World } from '../world/world.ts';

const PREVIEW_CHARS = 90;
const DIRECT_LINES = 200;

/** Every message to the person, newest first. */
export function allMail(world: World): readonly MailRow[] {
  const { mail } = world.society.world.society;
  const nameOf = (id: string, former: string) => world.society.world.identities.get(id)?.name ?? former;
  const rows = [...mail.sent.values()].map(({ answer, ...message }) => ({
    ...message,
    from_name: nameOf(message.from_id, message.from_name),
    ...(answer ? { response: answer } : {}),
  }));
  return rows.reverse();
}

/** A conversation for every resident, the one with the newest message first; those without one come last, by name. */
export function threadsOf(world: World): readonly MailThread[] {
  const threads = world.society.identities().map(({ id, name }) => {
    const messages = written(world, id);
    const last = messages.at(-1);
    const unread = messages.filter(({ direction, settled }) => direction === 'in' && !settled).length;
    const last_preview = last ? cut(last.content) : '';
    return { id, name, unread, last_at: last?.timestamp ?? null, last_preview };
  });
  return threads.sort((a, b) => (b.last_at ?? '').localeCompare(a.last_at ?? '') || a.name.localeCompare(b.name));
}

/** Mail, replies and direct messages with one resident, oldest first. */
export async function threadWith(world: World, id: string): Promise<readonly MailMessage[]> {
  const page = await world.society.room(directRoom('human', id), 'human', { limit: DIRECT_LINES });
  const direct = (page?.lines ?? []).map((line): MailMessage => {
    const direction = line['author_id'] === id ? 'in' : 'out';
    return { key: line.id, id: line.id, direction, content: text(line, 'content'), timestamp: line.timestamp, settled: true };
  });
  return inOrder([...written(world, id), ...direct]);
}

function written(world: World, id: string): readonly MailMessage[] {
  const { sent, letters } = world.society.world.society.mail;
  const received = [...sent.values()].filter(({ from_id }) => from_id === id);
  const mine = letters.get(id) ?? [];
  const lastOfMine = mine.at(-1)?.timestamp ?? '';
  const incoming = received.map((mail): MailMessage => {
    // Whoever writes to a resident after its message has seen it, whether by the reply button or not.
    const settled = mail.answer !== undefined || lastOfMine > mail.timestamp;
    return {
      key: mail.id,
      id: mail.id,
      direction: 'in',
      content: mail.content,
      timestamp: mail.timestamp,
      type: mail.type,
      settled,
    };
  });
  const outgoing = mine.map(({ id: letter, content, timestamp, about, read }, at): MailMessage => {
    const key = `${letter}:${at}`;
    return { key, id: letter, direction: 'out', content, timestamp, settled: read, ...(about === undefined ? {} : { about }) };
  });
  return inOrder([...incoming, ...outgoing]);
}

function inOrder(messages: readonly MailMessage[]): readonly MailMessage[] {
  return [...messages].sort((a, b) => a.timestamp.localeCompare(b.timestamp));
}

function cut(content: string): string {
  const line = content.replaceAll(/\s+/g, ' ').trim();
  return line.length > PREVIEW_CHARS ? `${line.slice(0, PREVIEW_CHARS - 1)}…` : line;
}
