import { castVote, GateOrderError, type GateStore, GateVote, gatesView, HUMAN, SPECIALIZATIONS } from '@vivarium/core';
import { type Command, InvalidArgumentError } from 'commander';
import { type Act, withOutput } from '../command.ts';
import { EXIT } from '../exit.ts';
import { CommandRefusal, type Output } from '../output.ts';
import { flat } from '../shape.ts';
import { inSociety, nothing, residentIn, wordList } from '../society.ts';
import { inBareWorld } from '../world.ts';

/** gate list|vote|register: the changes on their way through the quality gates, the person's vote, and who is good at what. */
export function addGate(program: Command, act: Act): void {
  const gate = program.command('gate').description('quality gates of tasks that change code');
  withOutput(gate.command('list').description('changes, where they stand, and ballots that are open')).action(
    act<[]>((output) => inGates(async (gates) => list(gates, output))),
  );
  withOutput(gate.command('vote <ballot_id> <approved|rejected>').description('your vote decides a ballot'))
    .requiredOption('--reason <text>', 'why; the next attempt reads it')
    .action(
      act<[string, string], { reason: string }>((output, { reason }, ballot_id, word) =>
        inGates(async (gates) => {
          await castVote(gates, { voter_id: HUMAN, ballot_id, vote: voteOf(word), reason });
          output.result({ ballot_id, vote: word }, `${ballot_id}: your vote is in`);
          return EXIT.done;
        }),
      ),
    );
  withOutput(gate.command('register <identity_id> <specializations>').description(`any of ${SPECIALIZATIONS.join(', ')}`)).action(
    act<[string, string]>((output, _options, id, words) => register(output, id, wordList(words))),
  );
}

async function inGates(work: (gates: GateStore) => Promise<number>): Promise<number> {
  try {
    return await inBareWorld(async ({ gates }) => work(await gates()));
  } catch (error) {
    if (!(error instanceof GateOrderError)) throw error;
    throw new CommandRefusal(EXIT.nothing, error.code, error.message, error.fix);
  }
}

function list({ state }: GateStore, output: Output): number {
  const { changes } = gatesView(state);
  if (state.changes.size === 0) output.say('no task went to the quality gates yet');
  for (const [id, change] of Object.entries(changes)) {
    const { unit, integration, e2e } = change.gates;
    output.result(change, flat`${id}  ${change.status}  unit ${unit}, integration ${integration}, e2e ${e2e}  ${change.title}`);
  }
  for (const { ballot_id, status, subject, votes } of state.ballots.values())
    if (status === 'pending') output.say(`open ballot ${ballot_id} on ${subject.type} ${subject.id}: ${votes.length} votes`);
  return EXIT.done;
}

async function register(output: Output, resident_id: string, words: readonly string[]): Promise<number> {
  await inSociety(async (society) => residentIn(society, resident_id));
  const specializations = words.filter((word) => SPECIALIZATIONS.some((one) => one === word));
  if (specializations.length === 0)
    throw nothing(
      'VIV_INVALID_INPUT',
      `None of ${words.join(', ')} is a specialisation`,
      `Choose among ${SPECIALIZATIONS.join(', ')}`,
    );
  return inGates(async (gates) => {
    await gates.record({ event: 'resident_registered', actor: HUMAN, resident_id, specializations });
    output.result({ resident_id, specializations }, `${resident_id}: ${specializations.join(', ')}`);
    return EXIT.done;
  });
}

function voteOf(word: string): GateVote {
  const read = GateVote.safeParse(word);
  if (!read.success) throw new InvalidArgumentError('say approved or rejected');
  return read.data;
}
