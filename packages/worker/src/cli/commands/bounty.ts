import type { ActArgs, SocietyStore } from '@vivarium/core';
import { Argument, type Command, Option } from 'commander';
import { type Act, withOutput } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { flat, oneLine } from '../shape.ts';
import { hours, inSociety, nameIn, nothing, personDoes, tokens, tokensOrNone } from '../society.ts';
import { count } from '../whole-number.ts';

interface CreateOptions {
  description?: string;
  reward?: number;
  slots?: number;
  mode?: 'pvp' | 'coop' | 'hybrid';
  bidHours?: number;
}

interface CompleteOptions {
  winnerReward?: number;
  runnerUpReward?: number;
  winner?: string;
  runnerUp?: string;
}

/** bounty list, show, create, open, top-up, review, cancel and complete: work that is offered for tokens. */
export function addBounty(program: Command, act: Act): void {
  const bounty = program.command('bounty').description('work that is offered for tokens');
  addOffering(bounty, act);
  addEnding(bounty, act);
}

function addOffering(bounty: Command, act: Act): void {
  withOutput(bounty.command('list').description('open and claimed bounties'))
    .option('--all', 'completed and cancelled ones too')
    .action(act<[], { all?: boolean }>((output, { all }) => inSociety((society) => list(society, output, all === true))));
  withOutput(bounty.command('show <id>').description('one bounty with what was handed in')).action(
    act<[string]>((output, _options, id) => inSociety((society) => show(society, output, id))),
  );
  withOutput(bounty.command('create <title>').description('offer a bounty; its reward goes into escrow'))
    .option('--reward <tokens>', 'whole tokens (50)', tokens)
    .option('--description <text>', 'what is wanted, and what shows that it is done')
    .option('--slots <n>', 'places that are worth the whole reward (1)', count)
    .option('--bid-hours <n>', 'take sealed bids so long; the lowest price has it', hours)
    .addOption(new Option('--mode <mode>', 'how it is played').choices(['pvp', 'coop', 'hybrid']))
    .action(
      act<[string], CreateOptions>((output, options, title) => inSociety((society) => create(society, output, title, options))),
    );
  withOutput(
    bounty.command('open <id>').description('open the sealed bids when their time is over; a worker does it by itself'),
  ).action(act<[string]>((output, _options, id) => inSociety((society) => openBids(society, output, id))));
}

function addEnding(bounty: Command, act: Act): void {
  withOutput(
    bounty
      .command('top-up <id>')
      .description('pay tokens of yours into its escrow, so that more can be paid out')
      .argument('<tokens>', 'whole tokens'),
  ).action(act<[string, string]>((output, _options, id, amount) => inSociety((society) => topUp(society, output, id, amount))));
  withOutput(bounty.command('review <id> <submission>').description('judge one piece of work that was handed in'))
    .addArgument(new Argument('<verdict>', 'rejected work is paid nothing').choices(['accepted', 'rejected']))
    .requiredOption('--evidence <text>', 'what the verdict rests on')
    .action(
      act<[string, string, ActArgs<'review_submission'>['verdict']], { evidence: string }>(
        (output, { evidence }, bounty_id, submission_id, verdict) =>
          inSociety((society) => review(society, output, { bounty_id, submission_id, verdict, evidence })),
      ),
    );
  withOutput(
    bounty.command('cancel <id>').description('take an offer back once its work was judged; what lies in escrow returns'),
  ).action(act<[string]>((output, _options, id) => inSociety((society) => cancel(society, output, id))));
  withOutput(bounty.command('complete <id>').description('pay from escrow, at most what is held, and close, once'))
    .option('--winner <submission>', 'the work that wins; else the first that was handed in')
    .option('--runner-up <submission>', 'the work that comes second')
    .option('--winner-reward <tokens>', 'whole tokens; else the reward', tokens)
    .option('--runner-up-reward <tokens>', 'whole tokens (0)', tokensOrNone)
    .action(
      act<[string], CompleteOptions>((output, options, id) => inSociety((society) => complete(society, output, id, options))),
    );
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

async function create(society: SocietyStore, output: Output, title: string, options: CreateOptions): Promise<number> {
  const { mode, ...rest } = {
    description: options.description,
    reward: options.reward,
    slots: options.slots,
    mode: options.mode,
    bid_hours: options.bidHours,
  };
  const { bounty_id } = await personDoes(society, 'create_bounty', { title, ...rest, ...(mode ? { game_mode: mode } : {}) });
  const bounty = find(society, String(bounty_id));
  output.result(bounty, `offered ${bounty.id}: ${bounty.reward} tokens wait in escrow`);
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

async function openBids(society: SocietyStore, output: Output, id: string): Promise<number> {
  await personDoes(society, 'open_bids', { bounty_id: id });
  return show(society, output, id);
}

async function topUp(society: SocietyStore, output: Output, id: string, text: string): Promise<number> {
  const amount = tokens(text);
  const { in_escrow } = await personDoes(society, 'top_up_bounty', { bounty_id: id, amount });
  output.result({ id, amount, in_escrow }, `paid ${amount} tokens into ${id}: ${String(in_escrow)} wait in escrow`);
  return EXIT.done;
}

async function review(society: SocietyStore, output: Output, verdict: ActArgs<'review_submission'>): Promise<number> {
  await personDoes(society, 'review_submission', verdict);
  return show(society, output, verdict.bounty_id);
}

async function cancel(society: SocietyStore, output: Output, id: string): Promise<number> {
  const { returned } = await personDoes(society, 'cancel_bounty', { bounty_id: id });
  output.result({ id, status: 'cancelled', returned }, `cancelled ${id}: ${String(returned)} tokens went back`);
  return EXIT.done;
}

async function complete(society: SocietyStore, output: Output, id: string, options: CompleteOptions): Promise<number> {
  const { distributed, total_distributed } = await personDoes(society, 'complete_bounty', {
    bounty_id: id,
    winner_submission_id: options.winner,
    runner_up_submission_id: options.runnerUp,
    winner_reward: options.winnerReward,
    runner_up_reward: options.runnerUpReward,
  });
  output.result(
    { id, status: 'completed', distributed, total_distributed },
    `paid ${String(total_distributed)} tokens for ${id}`,
  );
  return EXIT.done;
}
