import type { SocietyStore } from '@vivarium/core';
import type { Command } from 'commander';
import { type Act, withOutput } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { inSociety, nameIn, nothing } from '../society.ts';

/** guild list and show: who works together. */
export function addGuild(program: Command, act: Act): void {
  const guild = program.command('guild').description('who works together');
  withOutput(guild.command('list').description('every guild with its treasury')).action(
    act<[]>((output) => inSociety((society) => list(society, output))),
  );
  withOutput(guild.command('show <id>').description('one guild with members, requests and votes')).action(
    act<[string]>((output, _options, id) => inSociety((society) => show(society, output, id))),
  );
}

async function list(society: SocietyStore, output: Output): Promise<number> {
  const guilds = society.guilds();
  if (guilds.length === 0) output.say('there is no guild yet; residents found them');
  for (const guild of guilds)
    output.result(
      guild,
      `${guild.id}  ${guild.name}  ${guild.members.length} members  ${guild.refund_pool} tokens in the treasury`,
    );
  return EXIT.done;
}

async function show(society: SocietyStore, output: Output, id: string): Promise<number> {
  const guild = society.guilds().find((one) => one.id === id);
  if (!guild) throw nothing('VIV_GUILD_NOT_FOUND', `There is no guild ${id}`, 'List them: pnpm worker guild list');
  const text = [
    `${guild.name} (${id}), founded by ${guild.founder_name}: ${guild.refund_pool} tokens in the treasury`,
    `  members: ${guild.members.map((member) => nameIn(society, member)).join(', ')}`,
    `  ${guild.bounties_completed} bounties completed, ${guild.total_earned} tokens earned`,
    ...guild.requests.map(
      ({ request_id, applicant_id, status, votes }) =>
        `  ${request_id}  ${nameIn(society, applicant_id)} asks to join: ${status}, ${votes.length} votes`,
    ),
  ];
  output.result(guild, text.join('\n'));
  return EXIT.done;
}
