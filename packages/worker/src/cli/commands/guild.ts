import { asOwner, type InputOf, perform, type SocietyStore, type World } from '@vivarium/core';
import { Argument, type Command } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { flat, oneLine } from '../shape.ts';
import { inSociety, nameIn, nothing } from '../society.ts';
import { inBareWorld } from '../world.ts';

/** guild list, show and vote: who works together. */
export function addGuild(program: Command, door: Door): void {
  const guild = program.command('guild').description('who works together');
  const all = guild.command('list').description('every guild with its treasury');
  door.asks<[]>(all, 'list_guilds', (output) => inSociety((society) => list(society, output)));
  const one = guild.command('show <id>').description('one guild with members, requests and votes');
  door.asks<[string]>(one, 'show_guild', (output, _options, id) => inSociety((society) => show(society, output, id)));
  const vote = guild
    .command('vote')
    .description('your voice on who may join a guild, or on what it spends')
    .argument('<id>', 'a request to join or a spending; guild show names them')
    .addArgument(new Argument('<vote>').choices(['accept', 'reject']))
    .requiredOption('--reason <text>', 'what it rests on');
  door.asks<[string, InputOf<'vote_guild'>['vote']], { reason: string }>(vote, 'vote_guild', (output, { reason }, id, vote) =>
    inBareWorld((world) => voteOn(world, output, id, { vote, reason })),
  );
}

/** On a newcomer, or on what a guild spends: the id says which. */
async function voteOn(world: World, output: Output, id: string, ballot: Omit<InputOf<'vote_guild'>, 'request_id'>) {
  const spends = (await world.society()).world.society.treasuries.has(id);
  const { status } = spends
    ? await perform(world, 'vote_treasury', { ...ballot, spend_id: id }, asOwner)
    : await perform(world, 'vote_guild', { ...ballot, request_id: id }, asOwner);
  output.result({ [spends ? 'spend_id' : 'request_id']: id, status }, `${id}: ${status}`);
  return EXIT.done;
}

async function list(society: SocietyStore, output: Output): Promise<number> {
  const guilds = society.guilds();
  if (guilds.length === 0) output.say('there is no guild yet; residents found them');
  for (const guild of guilds)
    output.result(
      guild,
      flat`${guild.id}  ${guild.name}  ${guild.members.length} members  ${guild.refund_pool} tokens in the treasury`,
    );
  return EXIT.done;
}

async function show(society: SocietyStore, output: Output, id: string): Promise<number> {
  const guild = society.guilds().find((one) => one.id === id);
  if (!guild) throw nothing('VIV_GUILD_NOT_FOUND', `There is no guild ${id}`, 'List them: pnpm worker guild list');
  const text = [
    flat`${guild.name} (${id}), founded by ${guild.founder_name}: ${guild.refund_pool} tokens in the treasury`,
    flat`  members: ${guild.members.map((member) => nameIn(society, member)).join(', ')}`,
    `  ${guild.bounties_completed} bounties completed, ${guild.total_earned} tokens earned`,
    ...guild.requests.map(
      ({ request_id, applicant_id, status, votes }) =>
        flat`  ${request_id}  ${nameIn(society, applicant_id)} asks to join: ${status}, ${votes.length} votes`,
    ),
    ...[...society.world.society.treasuries.values()]
      .filter(({ guild_id }) => guild_id === id)
      .map(({ spend_id, amount, purpose, status, votes }) =>
        oneLine(`  ${spend_id}  ${amount} tokens, "${purpose}": ${status}, ${votes.length} votes`, 200),
      ),
  ];
  output.result(guild, text.join('\n'));
  return EXIT.done;
}
