import { openSkills, SHIPPED_SKILLS, type SkillRegistry, systemClock } from '@vivarium/core';
import type { World } from './world.ts';

/** Run with the skills of the installation and of the workspace open, and close them again, whatever happens. */
export async function onShelf<T>({ config, paths }: World, work: (shelf: SkillRegistry) => Promise<T>): Promise<T> {
  const shipped = { installation: config.installation, shippedNames: new Set<string>(SHIPPED_SKILLS) };
  const shelf = await openSkills({ paths, ...shipped, clock: systemClock });
  try {
    return await work(shelf);
  } finally {
    await shelf.close();
  }
}
