import type { World } from './world.ts';

/** A resident's name from its id; the id itself where nobody has it. */
export function namesIn({ society }: Pick<World, 'society'>): (id: string) => string {
  return (id) => society.world.identities.get(id)?.name ?? id;
}
