import { type PageQuery, pageOf } from '../http/page.ts';
import { type GuildView, JournalRow } from '../protocol/community.ts';
import type { World } from '../world/world.ts';

/** Guilds with what they wish to spend, newest first. */
export function guildRows(world: World): readonly GuildView[] {
  const wishes = [...world.society.world.society.treasuries.values()].reverse();
  const rows = world.society.guilds().map((guild) => ({
    ...guild,
    requests: [...guild.requests].reverse(),
    spendings: wishes.filter(({ guild_id }) => guild_id === guild.id),
  }));
  return rows.reverse();
}

/** Of a journal only what a page shows; the ballots of others stay with the society. */
export async function journalRows(
  world: World,
  query: PageQuery,
  status: string | undefined,
): Promise<{ journals: readonly JournalRow[]; next_cursor: string | null }> {
  const entries = [...world.society.world.society.journals.entries.values()].reverse();
  const shown = entries.filter((entry) => entry.status !== 'private');
  const wanted = shown.filter((entry) => status === undefined || entry.status === status);
  const { rows, next_cursor } = pageOf(wanted, ({ id }) => id, query);
  const last = rows.at(-1);
  const limit = last === undefined ? 0 : shown.indexOf(last) + 1;
  const ids = new Set(rows.map(({ id }) => id));
  const views = limit === 0 ? [] : await world.society.journals('human', { limit });
  const journals = views.flatMap((view): JournalRow[] => {
    const read = JournalRow.safeParse(view);
    return read.success && ids.has(read.data.journal_id) ? [read.data] : [];
  });
  return { journals, next_cursor };
}
