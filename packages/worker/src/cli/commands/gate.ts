import { type GateStore, gatesView, SPECIALIZATIONS } from '@vivarium/core';
import { Argument, type Command } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { flat } from '../shape.ts';
import { wordList } from '../society.ts';
import { inBareWorld } from '../world.ts';

/** gate list|vote|register: the changes on their way through the quality gates, the person's vote, and who is good at what. */
export function addGate(program: Command, door: Door): void {
  const gate = program.command('gate').description('quality gates of tasks that change code');
  const all = gate.command('list').description('changes, where they stand, and ballots that are open');
  door.asks<[]>(all, 'list_gates', (output) => inBareWorld(async (world) => list(await world.gates(), output)));
  const vote = gate
    .command('vote <ballot_id>')
    .description('your vote decides a ballot')
    .addArgument(new Argument('<approved|rejected>').choices(['approved', 'rejected']))
    .requiredOption('--reason <text>', 'why; the next attempt reads it');
  door.does(vote, 'vote_gate', {
    input: ({ reason }: { reason: string }, ballot_id: string, vote: 'approved' | 'rejected') => ({ ballot_id, vote, reason }),
    show: ({ output, answer }) => output.result(answer, `${answer.ballot_id}: your vote is in`),
  });
  const register = gate.command('register <identity_id> <specializations>').description(`any of ${SPECIALIZATIONS.join(', ')}`);
  door.does(register, 'register_specialist', {
    input: (_options, identity_id: string, words: string) => ({ identity_id, specializations: wordList(words) }),
    show: ({ output, answer: { identity_id: resident_id, specializations } }) =>
      output.result({ resident_id, specializations }, `${resident_id}: ${specializations.join(', ')}`),
  });
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
