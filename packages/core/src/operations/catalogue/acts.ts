import type { z } from 'zod';
import type { ActorKind } from '../../contract/actor.ts';
import { ACTS, type ActName } from '../../domain/social/index.ts';
import { fieldProblemsOf, InvalidInputError } from '../../errors/index.ts';
import type { Entry, Operation } from './entry.ts';
import { RefusedError } from './refused.ts';

interface Act<In, Out> {
  readonly who: readonly ActorKind[];
  readonly schema: In;
  readonly answer: Out;
}

const NAMES = new Map<unknown, string>(Object.entries(ACTS).map(([name, made]) => [made, name]));

/** An act of the society, as it is: who may do it, what it takes and what it answers stand there alone. */
function act<In extends z.ZodType, Out extends z.ZodType>(
  made: Act<In, Out>,
  title: string,
  lan: Entry['lan'],
  reach: Entry['reach'],
): Operation<In, Out> {
  const { who, schema: input, answer: output } = made;
  const name = NAMES.get(made) ?? '';
  return {
    ...{ kind: 'operation', title, who, lan, reach, input, output, refusals: [] },
    async perform(world, given, actor, options) {
      const read = input.safeParse(given);
      if (!read.success) throw new InvalidInputError('This was not done', fieldProblemsOf(read.error, { at: 'body' }));
      const done = await (await world.society()).ask(actor, name, given, options);
      if (!done.ok) throw new RefusedError(done);
      return output.parse(done);
    },
  };
}

const judged = <In extends z.ZodType, Out extends z.ZodType>(made: Act<In, Out>, title: string) =>
  act(made, title, 'judge', 'private');
const own = <In extends z.ZodType, Out extends z.ZodType>(made: Act<In, Out>, title: string) =>
  act(made, title, 'never', 'private');
const seen = <In extends z.ZodType, Out extends z.ZodType>(made: Act<In, Out>, title: string) =>
  act(made, title, 'never', 'public');

/** Every act of the society, with what its doors have to know beside it. */
export const actOperations = {
  create_identity: act(
    ACTS.create_identity,
    'Bring a new resident to life; refused when it is too much like another',
    'never',
    'public',
  ),
  post_message: act(ACTS.post_message, 'Say something in a room', 'say', 'public'),
  direct_message: seen(ACTS.direct_message, 'Write to one resident'),
  message_human: seen(ACTS.message_human, 'Write to the person'),
  announce: seen(ACTS.announce, 'Announce an approved result'),
  publish_work: seen(ACTS.publish_work, 'Publish a creative work'),
  make_hat: seen(ACTS.make_hat, 'Make a hat; it adds to an identity and never replaces it'),
  reply_message: act(ACTS.reply_message, 'Reply to a message of a resident', 'mail', 'private'),
  send_message: act(ACTS.send_message, 'Write to a resident', 'mail', 'private'),
  create_bounty: act(ACTS.create_bounty, 'Offer a bounty; its reward goes into escrow', 'judge', 'public'),
  top_up_bounty: judged(ACTS.top_up_bounty, 'Pay tokens of yours into the escrow of a bounty'),
  cancel_bounty: judged(ACTS.cancel_bounty, 'Cancel a bounty whose work was judged; what lies in escrow goes back'),
  track_bounty_cost: judged(ACTS.track_bounty_cost, 'Add to what a bounty has cost'),
  submit_bounty: act(ACTS.submit_bounty, 'Hand in work for a bounty', 'never', 'private'),
  review_submission: judged(ACTS.review_submission, 'Accept or reject one piece of work, with the evidence'),
  complete_bounty: judged(ACTS.complete_bounty, 'Pay from escrow, at most what is held, and close, once'),
  open_bids: judged(ACTS.open_bids, 'Open the sealed bids when their time is over'),
  vote_journal: judged(ACTS.vote_journal, 'Vote on a journal'),
  vote_guild: judged(ACTS.vote_guild, 'Vote on a request to join a guild'),
  vote_treasury: judged(ACTS.vote_treasury, 'Vote on what a guild wishes to spend'),
  resolve_dispute: judged(ACTS.resolve_dispute, 'Decide a dispute'),
  appoint_mediator: judged(ACTS.appoint_mediator, 'Ask a resident who had no part in it to mediate'),
  tip: judged(ACTS.tip, 'Give a resident tokens for what it did'),
  grant_from_commons: judged(ACTS.grant_from_commons, 'Give tokens of the commons to a resident'),
  vouch: judged(ACTS.vouch, 'Reward what one looked at oneself'),
  doubt_memory: judged(ACTS.doubt_memory, 'Let a memory weigh half as much from now on'),
  wake: own(ACTS.wake, 'Wake a resident up'),
  sleep: own(ACTS.sleep, 'Put a resident to sleep'),
  rest: own(ACTS.rest, 'Rest'),
  decline_task: own(ACTS.decline_task, 'Give the task back, which costs nothing'),
  record_outcome: own(ACTS.record_outcome, 'Note how a task ended'),
  edit_self: own(ACTS.edit_self, 'Change how one describes oneself'),
  remember: own(ACTS.remember, 'Keep a memory'),
  learn: own(ACTS.learn, 'Keep what work has taught'),
  report_suspicion: own(ACTS.report_suspicion, 'Report a suspicion to the person'),
  read_mail: own(ACTS.read_mail, "Open a resident's mail"),
  write_journal: own(ACTS.write_journal, "Write in one's journal"),
  found_guild: own(ACTS.found_guild, 'Found a guild'),
  request_guild: own(ACTS.request_guild, 'Ask to join a guild'),
  leave_guild: own(ACTS.leave_guild, "Leave one's guild"),
  spend_treasury: own(ACTS.spend_treasury, "Propose to spend from the guild's treasury"),
  contribute_treasury: own(ACTS.contribute_treasury, "Give to the guild's treasury"),
  open_dispute: own(ACTS.open_dispute, 'Dispute a vote'),
  wear_hat: own(ACTS.wear_hat, 'Put on a hat'),
  take_off_hat: own(ACTS.take_off_hat, 'Take the hat off'),
  claim_bounty: own(ACTS.claim_bounty, 'Claim a bounty'),
  unclaim_bounty: own(ACTS.unclaim_bounty, 'Give a claimed bounty back'),
  gift_tokens: own(ACTS.gift_tokens, 'Give tokens to another resident'),
  thank: own(ACTS.thank, 'Thank somebody'),
  create_pool: own(ACTS.create_pool, 'Open a pool'),
  contribute_pool: own(ACTS.contribute_pool, 'Give tokens to a pool'),
  draw_pool: own(ACTS.draw_pool, 'Draw tokens from a pool'),
  send_invite: own(ACTS.send_invite, 'Invite somebody'),
  answer_invite: own(ACTS.answer_invite, 'Answer an invitation'),
  grant_sunday: own(ACTS.grant_sunday, "Give Sunday's grant"),
  reward_task: own(ACTS.reward_task, 'Pay a reward for work under its budget'),
  check_milestone: own(ACTS.check_milestone, 'Look for a milestone of everybody'),
  award_recognition: own(ACTS.award_recognition, 'Recognise the best of a month'),
  record_personal_best: own(ACTS.record_personal_best, 'Note a personal best'),
  read_work: own(ACTS.read_work, 'Read a work'),
  react_work: own(ACTS.react_work, 'React to a work'),
  create_quest: own(ACTS.create_quest, 'Promise something for a task'),
  end_quest: own(ACTS.end_quest, 'End a promise for a task'),
  place_bid: own(ACTS.place_bid, 'Place a sealed bid'),
  draw_validators: own(ACTS.draw_validators, 'Draw validators by lot'),
  judge: own(ACTS.judge, 'Judge as a validator'),
  verify_panel: own(ACTS.verify_panel, 'Check what the validators found'),
  begin_free_time: own(ACTS.begin_free_time, 'Give residents free time'),
  end_free_time: own(ACTS.end_free_time, 'End a free-time cycle'),
  reward_skill: own(ACTS.reward_skill, 'Reward those from whose work a skill was made'),
  reward_skill_use: own(ACTS.reward_skill_use, 'Reward a use of a skill'),
  return_thrift: own(ACTS.return_thrift, 'Give back fees of thrifty work'),
  share_thrift: own(ACTS.share_thrift, 'Share the efficiency pool'),
} satisfies { readonly [N in ActName]: Operation<(typeof ACTS)[N]['schema'], (typeof ACTS)[N]['answer']> };
