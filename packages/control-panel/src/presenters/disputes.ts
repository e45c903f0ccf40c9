import type { DisputeView } from '../protocol/community.ts';
import { namesIn } from '../world/names.ts';
import type { World } from '../world/world.ts';

/** Every dispute, newest first, with the names of those whom it concerns. */
export function disputesOf(world: World): readonly DisputeView[] {
  const nameOf = namesIn(world);
  const rows = world.society.disputes().map((dispute) => ({
    ...dispute,
    participant_names: Object.fromEntries(dispute.participants.map((id) => [id, nameOf(id)])),
  }));
  return rows.reverse();
}
