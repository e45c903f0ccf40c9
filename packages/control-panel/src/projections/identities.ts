import type { ResidentProfile, SocietyStore } from '@vivarium/core';
import type { IdentityRow } from '../protocol/residents.ts';

/** Every resident, by name, with what the ledger says of them. */
export async function listIdentities(society: SocietyStore): Promise<readonly IdentityRow[]> {
  await society.refresh();
  const guilds = new Map(society.world.society.guilds.guilds);
  const rows = society.identities().flatMap(({ id }) => {
    const profile = society.profile(id);
    if (profile === undefined) return [];
    const { tokens, journal_tokens } = society.wallet(id);
    const guild = profile.guild_id === undefined ? undefined : guilds.get(profile.guild_id);
    return [{ ...identityRow(profile), tokens, journal_tokens, guild: guild?.name ?? null }];
  });
  return rows.sort((a, b) => a.name.localeCompare(b.name));
}

function identityRow({ identity, person, level, success_rate, respec_cost }: ResidentProfile) {
  const { core } = identity.attributes;
  return {
    id: identity.id,
    name: identity.name,
    summary: identity.summary,
    sessions: person.sessions,
    tasks_completed: person.tasks_completed,
    tasks_failed: person.tasks_failed,
    task_success_rate: success_rate,
    profile_display: displayOf(identity) ?? (identity.summary === '' ? null : identity.summary),
    traits: core.personality_traits,
    values: core.core_values,
    level,
    respec_cost,
    awake: person.awake !== undefined,
    hat: person.hat ?? null,
  };
}

/** What a resident shows of itself in one line. */
export function displayOf(identity: ResidentProfile['identity']): string | undefined {
  const profile = identity.attributes['profile'];
  const display = typeof profile === 'object' && profile !== null && 'display' in profile ? profile.display : undefined;
  return typeof display === 'string' && display !== '' ? display : undefined;
}
