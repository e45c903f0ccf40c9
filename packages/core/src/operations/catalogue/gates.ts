import { z } from 'zod';
import { type Actor, asRuntime } from '../../contract/actor.ts';
import { isAlready } from '../../contract/refusals.ts';
import { GateVote, SPECIALIZATIONS } from '../../domain/gates/index.ts';
import { ACTS, eligibleValidators } from '../../domain/social/index.ts';
import { InvalidInputError } from '../../errors/index.ts';
import { castVote, type GateStore } from '../../stores/gates/index.ts';
import type { ActOptions, SocietyStore } from '../../stores/society/index.ts';
import type { World } from '../world.ts';
import { operation } from './entry.ts';
import { RefusedError } from './refused.ts';

const { subject_id, reason } = ACTS.judge.schema.shape;
const GateBallot = z.strictObject({ ballot_id: subject_id, vote: GateVote, reason });
type GateBallot = z.output<typeof GateBallot>;

export const gateOperations = {
  vote_gate: operation({
    title: 'Vote on a change to code or its test',
    ...{ who: ['person', 'resident'], lan: 'judge', refusals: ['VIV_GATE_ORDER'] },
    input: GateBallot,
    output: z.object({ ballot_id: z.string(), vote: GateVote }),
    run: voteGate,
  }),
  register_specialist: operation({
    title: 'Note what a resident is good at, for the gates',
    ...{ lan: 'never', refusals: ['identity_not_found', 'VIV_INVALID_INPUT'] },
    input: z.strictObject({ identity_id: z.string(), specializations: z.array(z.string()) }),
    output: z.object({ identity_id: z.string(), specializations: z.array(z.enum(SPECIALIZATIONS)) }),
    async run(world, { identity_id, specializations: words }, actor) {
      if (!(await world.society()).profile(identity_id))
        throw new RefusedError({ reason: 'identity_not_found', fix: `No resident has the id ${identity_id}` });
      const specializations = SPECIALIZATIONS.filter((one) => words.includes(one));
      if (specializations.length === 0) {
        const message = `choose among ${SPECIALIZATIONS.join(', ')}`;
        throw new InvalidInputError('Nobody was registered', [{ field: 'specializations', message }]);
      }
      const event = { event: 'resident_registered', resident_id: identity_id, specializations } as const;
      await (await world.gates()).record({ ...event, actor: actor.id });
      return { identity_id, specializations };
    },
  }),
};

/** A vote of the gates, a person's or a juror's. @throws GateOrderError, RefusedError */
async function voteGate(
  world: World,
  ballot: GateBallot,
  actor: Actor,
  options: ActOptions,
): Promise<Pick<GateBallot, 'ballot_id' | 'vote'>> {
  const gates = await world.gates();
  if (actor.kind === 'resident') await standForIt(await world.society(), gates, ballot, actor, options);
  await castVote(gates, { voter_id: actor.id, ...ballot });
  return { ballot_id: ballot.ballot_id, vote: ballot.vote };
}

/** A juror stands for its vote with its trust: what the tests show later weighs it. */
async function standForIt(
  society: SocietyStore,
  gates: GateStore,
  { ballot_id, vote, reason }: GateBallot,
  actor: Actor,
  { execution_key }: ActOptions,
): Promise<void> {
  await isDrawn(society, gates, ballot_id, actor.id);
  const judged = { subject_id: ballot_id, vote: vote === 'approved' ? 'accept' : 'reject', reason } as const;
  const answer = await society.act(actor, 'judge', judged, { execution_key });
  if (!answer.ok && !isAlready(answer.reason)) throw new RefusedError(answer);
}

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
