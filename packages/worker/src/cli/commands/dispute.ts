import type { InputOf, SocietyStore } from '@vivarium/core';
import { Argument, type Command } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { flat } from '../shape.ts';
import { inSociety, nameIn, nothing } from '../society.ts';

/** dispute list, show, appoint and resolve: votes that somebody holds to be wrong. */
export function addDispute(program: Command, door: Door): void {
  const dispute = program.command('dispute').description('votes that somebody holds to be wrong');
  const all = dispute.command('list').description('every dispute and how it stands');
  door.asks<[]>(all, 'list_disputes', (output) => inSociety((society) => list(society, output)));
  const one = dispute.command('show <id>').description('one dispute, whole');
  door.asks<[string]>(one, 'show_dispute', (output, _options, id) => inSociety((society) => show(society, output, id)));
  const appoint = dispute.command('appoint <id> <resident>').description('ask somebody who had no part in it to mediate');
  door.does(appoint, 'appoint_mediator', {
    input: (_options, dispute_id: string, identity_id: string) => ({ dispute_id, identity_id }),
    show: async ({ output, world, input }) => show(await world.society(), output, input.dispute_id),
  });
  const resolve = dispute
    .command('resolve')
    .description('decide it yourself, when you had no part in it')
    .argument('<id>')
    .addArgument(new Argument('<outcome>').choices(['uphold', 'reopen']))
    .requiredOption('--notes <text>', 'what the decision rests on');
  type Outcome = InputOf<'resolve_dispute'>['outcome'];
  door.does(resolve, 'resolve_dispute', {
    input: ({ notes }: { notes: string }, dispute_id: string, outcome: Outcome) => ({ dispute_id, outcome, notes }),
    show: async ({ output, world, input }) => show(await world.society(), output, input.dispute_id),
  });
}

async function list(society: SocietyStore, output: Output): Promise<number> {
  const disputes = society.disputes();
  if (disputes.length === 0) output.say('no disputes');
  for (const one of disputes)
    output.result(
      one,
      flat`${one.dispute_id}  ${one.outcome ?? one.status}  ${one.target_type} ${one.target_id}  by ${one.requester_name}`,
    );
  return EXIT.done;
}

async function show(society: SocietyStore, output: Output, id: string): Promise<number> {
  const one = society.disputes().find(({ dispute_id }) => dispute_id === id);
  if (!one) throw nothing('VIV_DISPUTE_NOT_FOUND', `There is no dispute ${id}`, 'List them: pnpm worker dispute list');
  const text = [
    `${id}: ${one.status}${one.outcome ? `, ${one.outcome}` : ''}`,
    flat`  ${one.requester_name} disputes ${one.target_type} ${one.target_id}: ${one.reason}`,
    flat`  it concerns ${one.participants.map((party) => nameIn(society, party)).join(', ')}; mediator: ${one.mediator?.name ?? 'nobody yet'}`,
    ...(one.notes ? [flat`  ${one.notes}`] : []),
  ];
  output.result(one, text.join('\n'));
  return EXIT.done;
}
