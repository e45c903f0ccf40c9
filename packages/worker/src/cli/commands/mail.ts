import type { SocietyStore } from '@vivarium/core';
import type { Command } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { flat, oneLine } from '../shape.ts';
import { inSociety, nameIn } from '../society.ts';

/** mail list, reply and send: what residents and the person write to each other. */
export function addMail(program: Command, door: Door): void {
  const mail = program.command('mail').description('what residents write to you');
  const all = mail
    .command('list')
    .description('messages, newest first')
    .option('--unanswered', 'only those that wait for a reply');
  door.asks<[], { unanswered?: boolean }>(all, 'list_mail', (output, { unanswered }) =>
    inSociety((society) => list(society, output, unanswered === true)),
  );
  door.does(mail.command('reply <message-id> <text>').description('answer a message'), 'reply_message', {
    input: (_options, message_id: string, response: string) => ({ message_id, response }),
    show: ({ output, input, answer: { bonus } }) => output.result({ ...input, bonus }, `answered ${input.message_id}`),
  });
  door.does(mail.command('send <resident> <text>').description('write to a resident'), 'send_message', {
    input: (_options, identity_id: string, content: string) => ({ identity_id, content }),
    show: async ({ output, world, input: { identity_id }, answer: { message_id, bonus } }) =>
      output.result({ message_id, identity_id, bonus }, `sent to ${nameIn(await world.society(), identity_id)}: ${message_id}`),
  });
}

async function list(society: SocietyStore, output: Output, unanswered: boolean): Promise<number> {
  const shown = society.mailToHuman().filter((mail) => !unanswered || mail['answer'] === undefined);
  if (shown.length === 0) output.say(unanswered ? 'nothing waits for a reply' : 'nobody has written yet');
  for (const { answer, ...mail } of shown) {
    const text = (key: string) => String(mail[key] ?? '');
    const state = answer === undefined ? 'waits' : 'answered';
    output.result(
      { ...mail, response: answer ?? null },
      flat`${text('id')}  ${state}  ${text('from_name')}, ${text('type')}: ${oneLine(text('content'), 80)}`,
    );
  }
  return EXIT.done;
}
