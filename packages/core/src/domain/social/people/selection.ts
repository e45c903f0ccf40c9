import type { Identity } from '../../../contract/files.ts';
import type { Task } from '../../../contract/task.ts';
import { shuffled } from '../../economy/hash.ts';

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

/** Whether a resident lives here in a cycle; some come later. */
export function livesHere({ available_cycle }: Identity, cycle_id: number): boolean {
  return !(typeof available_cycle === 'number' && available_cycle > cycle_id);
}

/**
 * Residents in an order that only the seed decides. Where a stable sort follows, neither the name nor the order of the
 * files gives anybody an advantage among equals.
 */
export function inFairOrder(identities: Iterable<Identity>, seed: string): readonly Identity[] {
  const sorted = [...identities].sort((a, b) => (a.id < b.id ? -1 : 1));
  return shuffled(sorted, seed);
}

/** Who may wake in a cycle, best first; equal scores stand in a fair order. Residents who come later are left out. */
export function rankIdentities(identities: Iterable<Identity>, offer: Offer, seed: string): readonly Identity[] {
  return inFairOrder(identities, seed)
    .filter((identity) => livesHere(identity, offer.cycle_id))
    .map((identity) => ({ identity, score: selectionScore(identity, offer) }))
    .sort((a, b) => b.score - a.score)
    .map(({ identity }) => identity);
}

/** The resident's traits that stand in the task's words. */
export function affinities(identity: Identity, task: Pick<Task, 'prompt' | 'command' | 'type'>): readonly string[] {
  const words = `${task.prompt ?? ''} ${task.command ?? ''} ${task.type}`.toLowerCase();
  return identity.attributes.core.personality_traits.filter((trait) => words.includes(trait.toLowerCase()));
}
