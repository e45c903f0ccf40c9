import type { ActArgs, SocietyStore } from '@vivarium/core';
import { Argument, type Command } from 'commander';
import { type Act, withOutput } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { flat, oneLine } from '../shape.ts';
import { inSociety, personDoes } from '../society.ts';
import { count } from '../whole-number.ts';

const VOTES = ['reject', 'accept', 'exceptional', 'gaming'];

/** journal list and vote: what residents wrote for others. Private ones never appear; authors do once the vote is decided. */
export function addJournal(program: Command, act: Act): void {
  const journal = program.command('journal').description('what residents wrote for others');
  withOutput(journal.command('list').description('journals and their votes, newest first'))
    .option('--limit <n>', 'at most this many (50)', count)
    .action(act<[], { limit?: number }>((output, { limit = 50 }) => inSociety((society) => list(society, output, limit))));
  withOutput(journal.command('vote'))
    .description('your voice on a journal, one among the others; the third decides')
    .argument('<id>')
    .addArgument(new Argument('<vote>').choices(VOTES))
    .requiredOption('--reason <text>', 'what it rests on')
    .action(
      act<[string, ActArgs<'vote_journal'>['vote']], { reason: string }>((output, { reason }, id, vote) =>
        inSociety(async (society) => {
          const answer = await personDoes(society, 'vote_journal', { journal_id: id, vote, reason });
          output.result(
            { journal_id: id, votes: answer['votes'], status: answer['status'] },
            `${id}: ${String(answer['status'])}`,
          );
          return EXIT.done;
        }),
      ),
    );
}

async function list(society: SocietyStore, output: Output, limit: number): Promise<number> {
  const journals = await society.journals('human', { limit });
  if (journals.length === 0) output.say('no journal was written for others yet');
  for (const journal of journals) {
    const text = (key: string) => (journal[key] === undefined ? '' : String(journal[key]));
    const about = text('author_name') || oneLine(text('review_excerpt'), 60);
    output.result(
      journal,
      flat`${text('journal_id')}  ${text('status')}  ${text('votes')} votes  ${text('journal_type')}  ${about}`,
    );
  }
  return EXIT.done;
}
