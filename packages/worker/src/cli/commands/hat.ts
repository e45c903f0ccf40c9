import type { SocietyStore } from '@vivarium/core';
import type { Command } from 'commander';
import { type Act, withOutput } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { flat } from '../shape.ts';
import { inSociety, personDoes } from '../society.ts';

interface HatOptions {
  description: string;
  prompt: string;
}

/** hat list and add: ways of working that residents put on. */
export function addHat(program: Command, act: Act): void {
  const hat = program.command('hat').description('ways of working that residents put on');
  withOutput(hat.command('list').description('every hat, and who wears it')).action(
    act<[]>((output) => inSociety((society) => list(society, output))),
  );
  withOutput(hat.command('add <name>').description('a new hat; it adds to an identity and never replaces it'))
    .requiredOption('--description <text>', 'what it is for')
    .requiredOption('--prompt <text>', 'how one works under it: specific, short, inviting')
    .action(
      act<[string], HatOptions>((output, options, name) => inSociety((society) => add(society, output, { name, ...options }))),
    );
}

async function list({ world }: SocietyStore, output: Output): Promise<number> {
  for (const hat of world.society.hats.values()) {
    const worn_by = [...world.society.people].flatMap(([id, person]) => (person.hat === hat.name ? [id] : []));
    const wearers = worn_by.length > 0 ? `  (${worn_by.join(', ')})` : '';
    output.result({ ...hat, worn_by }, flat`${hat.name}: ${hat.description}${wearers}`);
  }
  return EXIT.done;
}

async function add(
  society: SocietyStore,
  output: Output,
  { name, description, prompt }: HatOptions & { name: string },
): Promise<number> {
  await personDoes(society, 'make_hat', { name, description, prompt });
  output.result({ name, description, prompt }, `created hat ${name}`);
  return EXIT.done;
}
