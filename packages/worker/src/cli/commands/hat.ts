import type { SocietyStore } from '@vivarium/core';
import type { Command } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { flat } from '../shape.ts';
import { inSociety } from '../society.ts';

interface HatOptions {
  description: string;
  prompt: string;
}

/** hat list and add: ways of working that residents put on. */
export function addHat(program: Command, door: Door): void {
  const hat = program.command('hat').description('ways of working that residents put on');
  const all = hat.command('list').description('every hat, and who wears it');
  door.asks<[]>(all, 'list_hats', (output) => inSociety((society) => list(society, output)));
  const add = hat
    .command('add <name>')
    .description('a new hat; it adds to an identity and never replaces it')
    .requiredOption('--description <text>', 'what it is for')
    .requiredOption('--prompt <text>', 'how one works under it: specific, short, inviting');
  door.does(add, 'make_hat', {
    input: ({ description, prompt }: HatOptions, name: string) => ({ name, description, prompt }),
    show: ({ output, input }) => output.result(input, `created hat ${input.name}`),
  });
}

async function list({ world }: SocietyStore, output: Output): Promise<number> {
  for (const hat of world.society.hats.values()) {
    const worn_by = [...world.society.people].flatMap(([id, person]) => (person.hat === hat.name ? [id] : []));
    const wearers = worn_by.length > 0 ? `  (${worn_by.join(', ')})` : '';
    output.result({ ...hat, worn_by }, flat`${hat.name}: ${hat.description}${wearers}`);
  }
  return EXIT.done;
}
