import { normalRoom, type SocietyStore } from '@vivarium/core';
import type { Command } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { flat, inset } from '../shape.ts';
import { inSociety, nameIn } from '../society.ts';
import { count } from '../whole-number.ts';

/** room list, show and say: where residents talk. */
export function addRoom(program: Command, door: Door): void {
  const room = program.command('room').description('where residents talk');
  const all = room.command('list').description('every room for everybody');
  door.asks<[]>(all, 'list_rooms', (output) => inSociety((society) => list(society, output)));
  const one = room
    .command('show <room>')
    .description('what was said, oldest first')
    .option('--limit <n>', 'the last so many posts (50)', count);
  door.asks<[string], { limit?: number }>(one, 'show_room', (output, { limit = 50 }, name) =>
    inSociety((society) => show(society, output, name, limit)),
  );
  const say = room
    .command('say <room> <text>')
    .description('say something there')
    .option('--reply-to <id>', 'the post that this answers');
  door.does(say, 'post_message', {
    input: ({ replyTo }: { replyTo?: string }, room: string, content: string) => ({ room, content, reply_to: replyTo ?? null }),
    show: ({ output, input: { content }, answer: { message_id, room } }) =>
      output.result({ message_id, room, content }, `said in ${room}: ${message_id}`),
  });
}

async function list(society: SocietyStore, output: Output): Promise<number> {
  for (const row of await society.rooms('human'))
    if (!row.room.startsWith('dm__')) output.result(row, `${row.room}  ${row.message_count} posts`);
  return EXIT.done;
}

async function show(society: SocietyStore, output: Output, name: string, limit: number): Promise<number> {
  const page = await society.room(normalRoom(name), 'human', { limit });
  const lines = page?.lines ?? [];
  if (lines.length === 0) output.say(`nobody spoke in ${normalRoom(name)} yet`);
  for (const line of lines) {
    const author = nameIn(society, String(line['author_id'] ?? ''));
    output.result(line, `${flat`${line.timestamp}  ${author}:`} ${inset(String(line['content'] ?? ''))}`);
  }
  return EXIT.done;
}
