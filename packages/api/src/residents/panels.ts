import { asRuntime, eligibleValidators, type GateStore, type SocietyStore } from '@vivarium/core';

/**
 * Whether the lot asks a resident to vote on a ballot of the quality gates. The lot is drawn when the ballot first comes up:
 * impartial residents only, and nobody where there is none.
 */
export async function isDrawn(
  society: SocietyStore,
  gates: GateStore,
  subject_id: string,
  identity_id: string,
): Promise<boolean> {
  const ballot = gates.state.ballots.get(subject_id);
  const panel = () => society.world.society.panels.bySubject.get(subject_id);
  if (ballot && !panel() && eligibleValidators(society.world, ballot.author_id).length > 0)
    await society.act(asRuntime, 'draw_validators', { subject_id, author_id: ballot.author_id });
  return panel()?.jurors.includes(identity_id) === true;
}
