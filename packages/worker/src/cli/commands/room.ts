import { normalRoom, type SocietyStore } from '@vivarium/core';
import type { Command } from 'commander';
import { type Act, withOutput } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { flat, inset } from '../shape.ts';
import { inSociety, nameIn, personDoes } from '../society.ts';
import { count } from '../whole-number.ts';

/** room list, show and say: where residents talk. */
export function addRoom(program: Command, act: Act): void {
  const room = program.command('room').description('where residents talk');
  withOutput(room.command('list').description('every room for everybody')).action(
    act<[]>((output) => inSociety((society) => list(society, output))),
  );
  withOutput(room.command('show <room>').description('what was said, oldest first'))
    .option('--limit <n>', 'the last so many posts (50)', count)
    .action(
      act<[string], { limit?: number }>((output, { limit = 50 }, name) =>
        inSociety((society) => show(society, output, name, limit)),
      ),
    );
  withOutput(room.command('say <room> <text>').description('say something there'))
    .option('--reply-to <id>', 'the post that this answers')
    .action(
      act<[string, string], { replyTo?: string }>((output, { replyTo }, name, text) =>
        inSociety((society) => say(society, output, name, text, replyTo)),
      ),
    );
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

async function say(
  society: SocietyStore,
  output: Output,
  name: string,
  content: string,
  reply_to: string | undefined,
): Promise<number> {
  const { message_id, room } = await personDoes(society, 'post_message', { room: name, content, reply_to: reply_to ?? null });
  output.result({ message_id, room, content }, `said in ${String(room)}: ${String(message_id)}`);
  return EXIT.done;
}
