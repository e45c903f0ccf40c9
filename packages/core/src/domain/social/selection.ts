import type { Identity } from '../../contract/files.ts';
import { shuffled } from '../economy/hash.ts';
import { clip } from './text.ts';

/** What a cycle offers, as far as it matters for who wakes. */
export interface Offer {
  readonly bounty_titles: readonly string[];
  readonly has_tasks: boolean;
  readonly cycle_id: number;
}

const TRAIT_MATCH = 2;
const TASK_BONUS = 0.5;

/** How much a cycle speaks to a resident: two for each trait in the open bounties' titles, a half when there is work it likes. */
export function selectionScore(identity: Identity, { bounty_titles, has_tasks }: Offer): number {
  const titles = bounty_titles.join(' ').toLowerCase();
  const traits = identity.attributes.core.personality_traits.filter(
    (trait) => trait !== '' && titles.includes(trait.toLowerCase()),
  );
  const likes = Array.isArray(identity['preferred_activities']) && identity['preferred_activities'].length > 0;
  return traits.length * TRAIT_MATCH + (has_tasks && likes ? TASK_BONUS : 0);
}

export interface Choice {
  readonly identity: Identity;
  readonly score: number;
  readonly reason: string;
}

/**
 * Who may wake, best first. Equal scores stand in an order that only the seed decides, so neither the name nor the order
 * of the files gives anybody an advantage. Residents who come later or have a body already are left out.
 */
export function rankIdentities(
  identities: readonly Identity[],
  offer: Offer,
  taken: ReadonlySet<string>,
  seed: string,
): readonly Choice[] {
  const free = identities.filter(({ id, available_cycle }) => {
    const later = typeof available_cycle === 'number' && available_cycle > offer.cycle_id;
    return !taken.has(id) && !later;
  });
  const sorted = free.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return shuffled(sorted, seed)
    .map((identity) => ({ identity, score: selectionScore(identity, offer) }))
    .sort((a, b) => b.score - a.score)
    .map((choice) => ({ ...choice, reason: `${clip(choice.identity.name, 40)} scored ${choice.score} for this cycle` }));
}
