import { asRuntime, authorOf, type SocietyStore, skillMadeKey } from '@vivarium/core';
import type { Runtime } from '../../pipeline/runtime.ts';

/** Reward those from whose verified work the runtime made a skill, once it is in use and each skill once. */
export async function rewardMakers(society: SocietyStore, { store, skills }: Pick<Runtime, 'store' | 'skills'>): Promise<void> {
  await society.refresh();
  const { tokens } = society.world;
  for (const { name, origin, status, provenance, description } of skills.registry.list()) {
    if (origin !== 'runtime' || status !== 'active' || tokens.keys.has(skillMadeKey(name))) continue;
    const makers = [...new Set((provenance?.task_ids ?? []).flatMap((id) => authorOf(store, id) ?? []))];
    // It came into use because its trials passed, which is what its tests are.
    const marks = { described: description.trim() !== '', tested: true };
    if (makers.length > 0) await society.act(asRuntime, 'reward_skill', { skill: name, makers, ...marks });
  }
}
