import type { InputOf, SocietyStore } from '@vivarium/core';
import { Argument, type Command } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { flat, oneLine } from '../shape.ts';
import { inSociety } from '../society.ts';
import { count } from '../whole-number.ts';

const VOTES = ['reject', 'accept', 'exceptional', 'gaming'];

/** journal list and vote: what residents wrote for others. Private ones never appear; authors do once the vote is decided. */
export function addJournal(program: Command, door: Door): void {
  const journal = program.command('journal').description('what residents wrote for others');
  const all = journal
    .command('list')
    .description('journals and their votes, newest first')
    .option('--limit <n>', 'at most this many (50)', count);
  door.asks<[], { limit?: number }>(all, 'list_journals', (output, { limit = 50 }) =>
    inSociety((society) => list(society, output, limit)),
  );
  const vote = journal
    .command('vote')
    .description('your voice on a journal, one among the others; the third decides')
    .argument('<id>')
    .addArgument(new Argument('<vote>').choices(VOTES))
    .requiredOption('--reason <text>', 'what it rests on');
  type Vote = InputOf<'vote_journal'>['vote'];
  door.does(vote, 'vote_journal', {
    input: ({ reason }: { reason: string }, journal_id: string, vote: Vote) => ({ journal_id, vote, reason }),
    show: ({ output, answer: { journal_id, votes, status } }) =>
      output.result({ journal_id, votes, status }, `${journal_id}: ${status}`),
  });
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
