import type { TokenFold } from '../../economy/fold.ts';
import type { NameOf } from '../kit/index.ts';
import { type GuildSlice, treasuryOf } from './state.ts';

/** `.swarm/guilds.json`. The pool is the treasury's balance. */
export function guildsView({ guilds }: GuildSlice, tokens: Pick<TokenFold, 'balances'>, nameOf: NameOf) {
  return [...guilds.guilds.values()].map((guild) => ({
    ...guild,
    founder_name: nameOf(guild.founder),
    member_names: Object.fromEntries(guild.members.map((id) => [id, nameOf(id)])),
    refund_pool: tokens.balances.get(treasuryOf(guild.id)) ?? 0,
    requests: [...guilds.requests.values()].filter((request) => request.guild_id === guild.id),
  }));
}

/** Best first by one column; equal ones by name, so that the order is the same everywhere. */
export function guildLeaderboard(
  { guilds }: GuildSlice,
  by: 'total_earned' | 'bounties_completed' | 'members' = 'total_earned',
  limit = 10,
) {
  return [...guilds.guilds.values()]
    .map(({ id, name, members, bounties_completed, total_earned }) => ({
      id,
      name,
      members: members.length,
      bounties_completed,
      total_earned,
    }))
    .sort((a, b) => b[by] - a[by] || (a.name < b.name ? -1 : 1))
    .slice(0, limit);
}
