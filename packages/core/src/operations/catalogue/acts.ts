import { z } from 'zod';
import type { Capability } from '../../contract/capability.ts';
import { ACTS, type ActName } from '../../domain/social/index.ts';
import { fieldProblemsOf, InvalidInputError } from '../../errors/index.ts';
import type { Operation } from './entry.ts';
import { RefusedError } from './refused.ts';

const Anything = z.looseObject({});
const Voted = z.looseObject({ status: z.enum(['pending', 'accepted', 'rejected']) });
const Given = z.looseObject({ identity_id: z.string(), amount: z.number() });
const Answered = z.looseObject({ message_id: z.string(), bonus: z.number() });
const Bounty = z.looseObject({ bounty_id: z.string() });

type Act<N extends ActName, Out extends z.ZodType> = Operation<(typeof ACTS)[N]['schema'], Out>;

/** An act of the society, as it is: who may do it and what it takes stand there alone. */
function act<N extends ActName, Out extends z.ZodType>(
  name: N,
  title: string,
  lan: Capability | 'never',
  output: Out,
  reach: 'private' | 'public',
): Act<N, Out> {
  const { schema, who } = ACTS[name];
  return {
    ...{ kind: 'operation', title, who, lan, reach, input: schema, output, refusals: [] },
    async perform(world, input, actor, options) {
      const read = schema.safeParse(input);
      if (!read.success) throw new InvalidInputError('This was not done', fieldProblemsOf(read.error, { at: 'body' }));
      const answer = await (await world.society()).ask(actor, name, input, options);
      if (!answer.ok) throw new RefusedError(answer);
      return output.parse(answer);
    },
  };
}

const judged = <N extends ActName, Out extends z.ZodType>(name: N, title: string, output: Out) =>
  act(name, title, 'judge', output, 'private');
const own = <N extends ActName>(name: N, title: string) => act(name, title, 'never', Anything, 'private');
const seen = <N extends ActName>(name: N, title: string) => act(name, title, 'never', Anything, 'public');

/** Every act of the society, with what its doors have to know beside it. */
export const actOperations = {
  create_identity: act(
    'create_identity',
    'Bring a new resident to life; refused when it is too much like another',
    'never',
    z.looseObject({ identity_id: z.string() }),
    'public',
  ),
  post_message: act(
    'post_message',
    'Say something in a room',
    'say',
    z.looseObject({ message_id: z.string(), room: z.string() }),
    'public',
  ),
  direct_message: seen('direct_message', 'Write to one resident'),
  message_human: seen('message_human', 'Write to the person'),
  announce: seen('announce', 'Announce an approved result'),
  publish_work: seen('publish_work', 'Publish a creative work'),
  make_hat: seen('make_hat', 'Make a hat; it adds to an identity and never replaces it'),
  reply_message: act('reply_message', 'Reply to a message of a resident', 'mail', Answered, 'private'),
  send_message: act('send_message', 'Write to a resident', 'mail', Answered, 'private'),
  create_bounty: act('create_bounty', 'Offer a bounty; its reward goes into escrow', 'judge', Bounty, 'public'),
  top_up_bounty: judged(
    'top_up_bounty',
    'Pay tokens of yours into the escrow of a bounty',
    Bounty.extend({ amount: z.number(), in_escrow: z.number() }),
  ),
  cancel_bounty: judged(
    'cancel_bounty',
    'Cancel a bounty whose work was judged; what lies in escrow goes back',
    Bounty.extend({ returned: z.number() }),
  ),
  track_bounty_cost: judged('track_bounty_cost', 'Add to what a bounty has cost', Anything),
  submit_bounty: act(
    'submit_bounty',
    'Hand in work for a bounty',
    'never',
    z.looseObject({ submission_id: z.string() }),
    'private',
  ),
  review_submission: judged('review_submission', 'Accept or reject one piece of work, with the evidence', Anything),
  complete_bounty: judged(
    'complete_bounty',
    'Pay from escrow, at most what is held, and close, once',
    Bounty.extend({ distributed: z.unknown(), total_distributed: z.number() }),
  ),
  open_bids: judged('open_bids', 'Open the sealed bids when their time is over', Anything),
  vote_journal: judged('vote_journal', 'Vote on a journal', Voted.extend({ journal_id: z.string(), votes: z.number() })),
  vote_guild: judged('vote_guild', 'Vote on a request to join a guild', Voted.extend({ request_id: z.string() })),
  vote_treasury: judged('vote_treasury', 'Vote on what a guild wishes to spend', Voted.extend({ spend_id: z.string() })),
  resolve_dispute: judged('resolve_dispute', 'Decide a dispute', Anything),
  appoint_mediator: judged('appoint_mediator', 'Ask a resident who had no part in it to mediate', Anything),
  tip: judged('tip', 'Give a resident tokens for what it did', Given),
  grant_from_commons: judged('grant_from_commons', 'Give tokens of the commons to a resident', Given),
  vouch: judged('vouch', 'Reward what one looked at oneself', Given),
  doubt_memory: judged('doubt_memory', 'Let a memory weigh half as much from now on', Anything),
  wake: own('wake', 'Wake a resident up'),
  sleep: own('sleep', 'Put a resident to sleep'),
  rest: own('rest', 'Rest'),
  decline_task: own('decline_task', 'Give the task back, which costs nothing'),
  record_outcome: own('record_outcome', 'Note how a task ended'),
  edit_self: own('edit_self', 'Change how one describes oneself'),
  remember: own('remember', 'Keep a memory'),
  learn: own('learn', 'Keep what work has taught'),
  report_suspicion: own('report_suspicion', 'Report a suspicion to the person'),
  read_mail: own('read_mail', "Open a resident's mail"),
  write_journal: own('write_journal', "Write in one's journal"),
  found_guild: own('found_guild', 'Found a guild'),
  request_guild: own('request_guild', 'Ask to join a guild'),
  leave_guild: own('leave_guild', "Leave one's guild"),
  spend_treasury: own('spend_treasury', "Propose to spend from the guild's treasury"),
  contribute_treasury: own('contribute_treasury', "Give to the guild's treasury"),
  open_dispute: own('open_dispute', 'Dispute a vote'),
  wear_hat: own('wear_hat', 'Put on a hat'),
  take_off_hat: own('take_off_hat', 'Take the hat off'),
  claim_bounty: own('claim_bounty', 'Claim a bounty'),
  unclaim_bounty: own('unclaim_bounty', 'Give a claimed bounty back'),
  gift_tokens: own('gift_tokens', 'Give tokens to another resident'),
  thank: own('thank', 'Thank somebody'),
  create_pool: own('create_pool', 'Open a pool'),
  contribute_pool: own('contribute_pool', 'Give tokens to a pool'),
  draw_pool: own('draw_pool', 'Draw tokens from a pool'),
  send_invite: own('send_invite', 'Invite somebody'),
  answer_invite: own('answer_invite', 'Answer an invitation'),
  grant_sunday: own('grant_sunday', "Give Sunday's grant"),
  reward_task: own('reward_task', 'Pay a reward for work under its budget'),
  check_milestone: own('check_milestone', 'Look for a milestone of everybody'),
  award_recognition: own('award_recognition', 'Recognise the best of a month'),
  record_personal_best: own('record_personal_best', 'Note a personal best'),
  read_work: own('read_work', 'Read a work'),
  react_work: own('react_work', 'React to a work'),
  create_quest: own('create_quest', 'Promise something for a task'),
  end_quest: own('end_quest', 'End a promise for a task'),
  place_bid: own('place_bid', 'Place a sealed bid'),
  draw_validators: own('draw_validators', 'Draw validators by lot'),
  judge: own('judge', 'Judge as a validator'),
  verify_panel: own('verify_panel', 'Check what the validators found'),
  begin_free_time: own('begin_free_time', 'Give residents free time'),
  end_free_time: own('end_free_time', 'End a free-time cycle'),
  reward_skill: own('reward_skill', 'Reward those from whose work a skill was made'),
  reward_skill_use: own('reward_skill_use', 'Reward a use of a skill'),
  return_thrift: own('return_thrift', 'Give back fees of thrifty work'),
  share_thrift: own('share_thrift', 'Share the efficiency pool'),
} satisfies { readonly [N in ActName]: Act<N, z.ZodType> };
