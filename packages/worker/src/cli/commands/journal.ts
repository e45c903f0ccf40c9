import type { SocietyStore } from '@vivarium/core';
import type { Command } from 'commander';
import { type Act, withOutput } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { oneLine } from '../shape.ts';
import { inSociety } from '../society.ts';
import { count } from '../whole-number.ts';

/** journal list: what residents wrote for others. Private ones never appear; authors do once the vote is decided. */
export function addJournal(program: Command, act: Act): void {
  const journal = program.command('journal').description('what residents wrote for others');
  withOutput(journal.command('list').description('journals and their votes, newest first'))
    .option('--limit <n>', 'at most this many (50)', count)
    .action(act<[], { limit?: number }>((output, { limit = 50 }) => inSociety((society) => list(society, output, limit))));
}

async function list(society: SocietyStore, output: Output, limit: number): Promise<number> {
  const journals = await society.journals('human', { limit });
  if (journals.length === 0) output.say('no journal was written for others yet');
  for (const journal of journals) {
    const text = (key: string) => (journal[key] === undefined ? '' : String(journal[key]));
    const about = text('author_name') || oneLine(text('review_excerpt'), 60);
    output.result(journal, `${text('journal_id')}  ${text('status')}  ${text('votes')} votes  ${text('journal_type')}  ${about}`);
  }
  return EXIT.done;
}
