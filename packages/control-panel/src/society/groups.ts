import { z } from 'zod';
import type { GuildView, JournalRow } from '../protocol/community.ts';
import type { World } from '../world.ts';
import { type PageQuery, pageOf } from './page.ts';

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

/** As much of a journal as a page shows; the ballots of others stay with the society. */
const Shown = z.object({
  journal_id: z.string(),
  journal_type: z.string(),
  created_at: z.string(),
  status: z.enum(['pending', 'accepted', 'rejected']),
  word_count: z.number(),
  tier: z.string(),
  attempt_cost: z.number(),
  votes: z.number(),
  voted: z.boolean(),
  author_id: z.string().optional(),
  author_name: z.string().optional(),
  review_excerpt: z.string().optional(),
  result: z.object({ total_awarded: z.number(), avg_score: z.number(), gaming_flagged: z.boolean() }).optional(),
});

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
    const read = Shown.safeParse(view);
    return read.success && ids.has(read.data.journal_id) ? [trimmed(read.data)] : [];
  });
  return { journals, next_cursor };
}

/** Without the keys that are not there. */
function trimmed({ author_id, author_name, review_excerpt, result, ...row }: z.infer<typeof Shown>): JournalRow {
  return {
    ...row,
    ...(author_id === undefined ? {} : { author_id }),
    ...(author_name === undefined ? {} : { author_name }),
    ...(review_excerpt === undefined ? {} : { review_excerpt }),
    ...(result === undefined ? {} : { result }),
  };
}
