import type { LedgerEntry } from '../protocol/residents.ts';
import { capital, ENTRY_WORDS, own, spaced } from '../world/words.ts';
import type { World } from '../world/world.ts';
import { titleOf } from './rows.ts';

type Raw = Omit<LedgerEntry, 'text' | 'about'>;

/** An entry of a wallet with what it was for: in words, and by name where it names a bounty or a task. */
export function inWords(world: World, entry: Raw): LedgerEntry {
  const text = own(ENTRY_WORDS, entry.kind) ?? capital(spaced(entry.kind));
  const about = aboutOf(world, entry);
  return { ...entry, text, ...(about === undefined ? {} : { about }) };
}

/** What stands in the memo beyond its kind: somebody's own words, or what a key in it stands for. */
function aboutOf({ society, store }: World, { kind, memo }: Raw): string | undefined {
  switch (kind) {
    case 'under_budget_reward': {
      const id = memo.slice(memo.indexOf(':') + 1);
      const task = store.get(id)?.task;
      return task ? titleOf(task) : id;
    }
    case 'bounty_created':
    case 'bounty_cancelled':
    case 'bounty_completed':
      return society.world.society.bounties.get(/bounty_\w+/.exec(memo)?.[0] ?? '')?.title;
    case 'treasury_proposed':
    case 'treasury_voted':
      return memo.slice(memo.indexOf(': ') + 2);
    case 'milestone_reached':
    case 'recognition':
    case 'personal_best':
      return spaced(memo.replace(/^milestone /, ''));
    case 'tip':
    case 'gift':
    case 'commons_granted':
    case 'guild_left':
    case 'treasury_filled':
    case 'pool_contributed':
    case 'pool_drawn':
      return memo;
    default:
      return undefined;
  }
}
