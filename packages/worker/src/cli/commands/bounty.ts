import type { InputOf, OutputOf, SocietyStore } from '@vivarium/core';
import { Argument, type Command, Option } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { flat, oneLine } from '../shape.ts';
import { hours, inSociety, nameIn, nothing, tokens, tokensOrNone } from '../society.ts';
import { count } from '../whole-number.ts';

interface CreateOptions {
  description?: string;
  reward?: number;
  slots?: number;
  mode?: InputOf<'create_bounty'>['game_mode'];
  bidHours?: number;
}

interface CompleteOptions {
  winnerReward?: number;
  runnerUpReward?: number;
  winner?: string;
  runnerUp?: string;
}

/** bounty list, show, create, open, top-up, review, cancel and complete: work that is offered for tokens. */
export function addBounty(program: Command, door: Door): void {
  const bounty = program.command('bounty').description('work that is offered for tokens');
  addOffering(bounty, door);
  addEnding(bounty, door);
}

function addOffering(bounty: Command, door: Door): void {
  const all = bounty.command('list').description('open and claimed bounties').option('--all', 'completed and cancelled ones too');
  door.asks<[], { all?: boolean }>(all, 'list_bounties', (output, { all }) =>
    inSociety((society) => list(society, output, all === true)),
  );
  const one = bounty.command('show <id>').description('one bounty with what was handed in');
  door.asks<[string]>(one, 'show_bounty', (output, _options, id) => inSociety((society) => show(society, output, id)));
  const create = bounty
    .command('create <title>')
    .description('offer a bounty; its reward goes into escrow')
    .option('--reward <tokens>', 'whole tokens (50)', tokens)
    .option('--description <text>', 'what is wanted, and what shows that it is done')
    .option('--slots <n>', 'places that are worth the whole reward (1)', count)
    .option('--bid-hours <n>', 'take sealed bids so long; the lowest price has it', hours)
    .addOption(new Option('--mode <mode>', 'how it is played').choices(['pvp', 'coop', 'hybrid']));
  door.does(create, 'create_bounty', {
    input: ({ mode, bidHours, ...rest }: CreateOptions, title: string) => {
      const { description, reward, slots } = rest;
      return { title, description, reward, slots, bid_hours: bidHours, ...(mode ? { game_mode: mode } : {}) };
    },
    show: async ({ output, world, answer: { bounty_id } }) => {
      const offered = find(await world.society(), bounty_id);
      output.result(offered, `offered ${bounty_id}: ${offered.reward} tokens wait in escrow`);
    },
  });
  const open = bounty
    .command('open <id>')
    .description('open the sealed bids when their time is over; a worker does it by itself');
  door.does(open, 'open_bids', {
    input: (_options, bounty_id: string) => ({ bounty_id }),
    show: async ({ output, world, input }) => show(await world.society(), output, input.bounty_id),
  });
}

function addEnding(bounty: Command, door: Door): void {
  const topUp = bounty
    .command('top-up <id>')
    .description('pay tokens of yours into its escrow, so that more can be paid out')
    .argument('<tokens>', 'whole tokens');
  door.does(topUp, 'top_up_bounty', {
    input: (_options, bounty_id: string, amount: string) => ({ bounty_id, amount: tokens(amount) }),
    show: ({ output, answer: { bounty_id: id, amount, in_escrow } }) =>
      output.result({ id, amount, in_escrow }, `paid ${amount} tokens into ${id}: ${in_escrow} wait in escrow`),
  });
  const review = bounty
    .command('review <id> <submission>')
    .description('judge one piece of work that was handed in')
    .addArgument(new Argument('<verdict>', 'rejected work is paid nothing').choices(['accepted', 'rejected']))
    .requiredOption('--evidence <text>', 'what the verdict rests on');
  type Verdict = InputOf<'review_submission'>['verdict'];
  door.does(review, 'review_submission', {
    input: ({ evidence }: { evidence: string }, bounty_id: string, submission_id: string, verdict: Verdict) => ({
      ...{ bounty_id, submission_id, verdict, evidence },
    }),
    show: async ({ output, world, input }) => show(await world.society(), output, input.bounty_id),
  });
  const cancel = bounty
    .command('cancel <id>')
    .description('take an offer back once its work was judged; what lies in escrow returns');
  door.does(cancel, 'cancel_bounty', {
    input: (_options, bounty_id: string) => ({ bounty_id }),
    show: ({ output, answer: { bounty_id: id, returned } }) =>
      output.result({ id, status: 'cancelled', returned }, `cancelled ${id}: ${returned} tokens went back`),
  });
  const complete = bounty
    .command('complete <id>')
    .description('pay from escrow, at most what is held, and close, once')
    .option('--winner <submission>', 'the work that wins; else the first that was handed in')
    .option('--runner-up <submission>', 'the work that comes second')
    .option('--winner-reward <tokens>', 'whole tokens; else the reward', tokens)
    .option('--runner-up-reward <tokens>', 'whole tokens (0)', tokensOrNone);
  door.does(complete, 'complete_bounty', { input: payout, show: paid });
}

const payout = ({ winner, runnerUp, winnerReward, runnerUpReward }: CompleteOptions, bounty_id: string) => ({
  bounty_id,
  winner_submission_id: winner,
  runner_up_submission_id: runnerUp,
  winner_reward: winnerReward,
  runner_up_reward: runnerUpReward,
});

function paid({ output, answer }: { output: Output; answer: OutputOf<'complete_bounty'> }): void {
  const { bounty_id: id, distributed, total_distributed } = answer;
  output.result({ id, status: 'completed', distributed, total_distributed }, `paid ${total_distributed} tokens for ${id}`);
}

async function list(society: SocietyStore, output: Output, all: boolean): Promise<number> {
  const shown = society.bounties().filter(({ status }) => all || status === 'open' || status === 'claimed');
  if (shown.length === 0) output.say('nothing is offered; offer something: pnpm worker bounty create "<title>" --reward 50');
  for (const bounty of shown)
    output.result(
      bounty,
      flat`${bounty.id}  ${bounty.status}  ${bounty.reward} tokens  ${bounty.teams.length} handed in  ${bounty.title}`,
    );
  return EXIT.done;
}

function find(society: SocietyStore, id: string) {
  const found = society.bounties().find((bounty) => bounty.id === id);
  if (found) return found;
  throw nothing('VIV_BOUNTY_NOT_FOUND', `There is no bounty ${id}`, 'List them: pnpm worker bounty list --all');
}

async function show(society: SocietyStore, output: Output, id: string): Promise<number> {
  const bounty = find(society, id);
  const text = [
    flat`${bounty.title} (${id}): ${bounty.status}, ${bounty.reward} tokens, ${bounty.slots} places, by ${nameIn(society, bounty.created_by)}`,
    ...(bounty.description ? [bounty.description] : []),
    ...biddingLines(society, bounty),
    ...bounty.teams.map(
      (one) =>
        flat`  ${one.id}  ${one.identity_name}: at most ${one.reward_cap} tokens (${one.slot_reason})  ${one.review?.verdict ?? ''}`,
    ),
    ...bounty.distributed.map(
      ({ identity, amount, place }) => `  paid ${amount} tokens to ${nameIn(society, identity)}, place ${place}`,
    ),
  ];
  output.result(bounty, text.join('\n'));
  return EXIT.done;
}

function biddingLines(society: SocietyStore, { bids_until, bidding }: ReturnType<typeof find>): string[] {
  if (!bidding) return [];
  if (bidding.opened === undefined) return [`  ${bidding.bids} sealed bids, opened at ${String(bids_until)}`];
  return bidding.opened.map(({ identity_id, price, pitch }) => {
    const won = identity_id === bidding.winner ? 'won: ' : '';
    return oneLine(`  ${won}${nameIn(society, identity_id)} bid ${price} tokens: ${pitch}`, 200);
  });
}
