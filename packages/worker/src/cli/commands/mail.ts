import type { SocietyStore } from '@vivarium/core';
import type { Command } from 'commander';
import { type Act, withOutput } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { flat, oneLine } from '../shape.ts';
import { inSociety, nameIn, personDoes } from '../society.ts';

/** mail list, reply and send: what residents and the person write to each other. */
export function addMail(program: Command, act: Act): void {
  const mail = program.command('mail').description('what residents write to you');
  withOutput(mail.command('list').description('messages, newest first'))
    .option('--unanswered', 'only those that wait for a reply')
    .action(
      act<[], { unanswered?: boolean }>((output, { unanswered }) =>
        inSociety((society) => list(society, output, unanswered === true)),
      ),
    );
  withOutput(mail.command('reply <message-id> <text>').description('answer a message')).action(
    act<[string, string]>((output, _options, id, text) => inSociety((society) => reply(society, output, id, text))),
  );
  withOutput(mail.command('send <resident> <text>').description('write to a resident')).action(
    act<[string, string]>((output, _options, id, text) => inSociety((society) => send(society, output, id, text))),
  );
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

async function reply(society: SocietyStore, output: Output, message_id: string, response: string): Promise<number> {
  const { bonus } = await personDoes(society, 'reply_message', { message_id, response });
  output.result({ message_id, response, bonus }, `answered ${message_id}`);
  return EXIT.done;
}

async function send(society: SocietyStore, output: Output, identity_id: string, content: string): Promise<number> {
  const { message_id, bonus } = await personDoes(society, 'send_message', { identity_id, content });
  output.result({ message_id, identity_id, bonus }, `sent to ${nameIn(society, identity_id)}: ${String(message_id)}`);
  return EXIT.done;
}
