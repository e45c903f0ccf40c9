import type { SocietyStore } from '@vivarium/core';
import { asRuntime } from '@vivarium/core';
import type { Proof } from '../gates/keeper.ts';

/** Let what the tests showed of a change weigh the trust of those who voted on it, once. */
export async function weighJurors(society: SocietyStore, proof: Proof): Promise<void> {
  await society.refresh();
  const panel = society.world.society.panels.bySubject.get(proof.subject_id);
  if (panel && panel.votes.size > 0 && !panel.verified) await society.act(asRuntime, 'verify_panel', proof);
}
