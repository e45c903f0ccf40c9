/**
 * What an act is called where a person reads of it; whoever did it stands beside. First what was done, then what was wanted,
 * for an act that was refused. `{name}` is what the act came to; a part in brackets is left out when that is not known.
 */
export const ACT_WORDS: Readonly<Record<string, readonly [done: string, wanted: string]>> = {
  wake: ['Woke[ {identity_id}] up', 'wake a resident'],
  sleep: ['Put[ {identity_id}] to sleep', 'put a resident to sleep'],
  rest: ['Rested', 'rest'],
  decline_task: ['Gave the task back, which costs nothing', 'give the task back'],
  record_outcome: ['Noted[ for {identity_id}] how a task ended', 'note how a task ended'],
  create_identity: ['Brought[ {identity_id}] to life', 'bring a resident to life'],
  edit_self: ['Changed how it describes itself[, for {cost} tokens]', 'change how it describes itself'],
  remember: ['Kept a memory', 'keep a memory'],
  learn: ['Kept[ for {identity_id}] what work has taught', 'let a resident remember what its work taught it'],
  doubt_memory: ['Doubted a memory[ of {identity_id}] that did not help', 'doubt a memory'],
  post_message: ['Spoke in {room}', 'speak in a room'],
  direct_message: ['Wrote to another resident', 'write to another resident'],
  announce: ['Announced an approved result[ in {room}]', 'announce an approved result'],
  message_human: ['Wrote to you', 'write to you'],
  reply_message: ["Answered a resident's message", "answer a resident's message"],
  send_message: ['Wrote to a resident', 'write to a resident'],
  report_suspicion: ['Reported a suspicion to you', 'report a suspicion to you'],
  read_mail: ['Opened mail[ for {identity_id}]', 'give a resident its mail'],
  write_journal: ['Wrote in its journal[, for {cost} tokens]', 'write in its journal'],
  vote_journal: ['Voted on a journal[, which is {status}]', 'vote on a journal'],
  found_guild: ['Founded a guild', 'found a guild'],
  request_guild: ['Asked to join a guild', 'join a guild'],
  vote_guild: ['Voted on a newcomer to a guild[, who is {status}]', 'vote on a newcomer to a guild'],
  leave_guild: ['Left its guild', 'leave its guild'],
  spend_treasury: ["Proposed to spend from its guild's treasury[; that is {status}]", "spend from its guild's treasury"],
  vote_treasury: ['Voted on what a guild spends[; that is {status}]', 'vote on what a guild spends'],
  contribute_treasury: ["Gave[ {amount} tokens] to its guild's treasury", "give to its guild's treasury"],
  open_dispute: ['Disputed a vote', 'dispute a vote'],
  resolve_dispute: ['Decided a dispute: {outcome}', 'decide a dispute'],
  appoint_mediator: ['Appointed a mediator', 'appoint a mediator'],
  wear_hat: ['Put on the hat {hat}', 'put on a hat'],
  take_off_hat: ['Took its hat off', 'take its hat off'],
  make_hat: ['Made the hat {hat}', 'make a hat'],
  create_bounty: ['Offered a bounty', 'offer a bounty'],
  claim_bounty: ['Claimed a bounty', 'claim a bounty'],
  unclaim_bounty: ['Gave a bounty back', 'give a bounty back'],
  top_up_bounty: ['Paid[ {amount} tokens] into a bounty', 'pay into a bounty'],
  cancel_bounty: ['Cancelled a bounty[; {returned} tokens went back]', 'cancel a bounty'],
  track_bounty_cost: ['Added to what a bounty has cost', 'add to what a bounty has cost'],
  submit_bounty: ['Handed in work for a bounty', 'hand in work for a bounty'],
  review_submission: ['Judged work for a bounty', 'judge work for a bounty'],
  complete_bounty: ['Completed a bounty[ and paid {total_distributed} tokens]', 'complete a bounty'],
  gift_tokens: ['Gave[ {amount_sent} tokens] to another resident', 'give tokens to another resident'],
  thank: ['Thanked {identity_id}', 'thank somebody'],
  grant_from_commons: ['Gave[ {identity_id}][ {amount} tokens] from the commons', 'give from the commons'],
  create_pool: ['Opened a pool', 'open a pool'],
  contribute_pool: ['Gave[ {amount} tokens] to a pool', 'give to a pool'],
  draw_pool: ['Drew[ {amount} tokens] from a pool', 'draw from a pool'],
  send_invite: ['Invited somebody', 'invite somebody'],
  answer_invite: ['Answered an invitation', 'answer an invitation'],
  grant_sunday: ["Gave[ {identity_id}] Sunday's grant[ of {amount} tokens]", "give Sunday's grant"],
  reward_task: ['Paid[ {identity_id}] a reward[ of {tokens_awarded} tokens] for work under its budget', 'pay a reward'],
  tip: ['Tipped[ {identity_id}][ with {amount} tokens]', 'tip a resident'],
  check_milestone: ['Everybody reached the milestone {name}', 'look for a milestone'],
  award_recognition: ['Recognised the best of a month', 'recognise the best of a month'],
  record_personal_best: ['Noted a personal best[ of {identity_id}][, worth {amount} tokens]', 'note a personal best'],
  publish_work: ['Published a work', 'publish a work'],
  read_work: ['Read a work', 'read a work'],
  react_work: ['Reacted to a work', 'react to a work'],
  create_quest: ['Promised something for a task', 'promise something for a task'],
  end_quest: ['Ended a promise for a task[: {status}]', 'end a promise for a task'],
  reward_skill: ['Rewarded those from whose work a skill was made', 'reward those who made a skill'],
  vouch: ['Vouched for work[ of {identity_id}]', 'vouch for work'],
  return_thrift: ['Gave back fees of thrifty work', 'give back fees of thrifty work'],
  share_thrift: ['Shared the efficiency pool', 'share the efficiency pool'],
  reward_skill_use: ['Rewarded a use of a skill', 'reward a use of a skill'],
  place_bid: ['Placed a sealed bid', 'place a sealed bid'],
  open_bids: ['Opened the bids[; {winner} won]', 'open the bids'],
  draw_validators: ['Drew validators by lot', 'draw validators by lot'],
  judge: ['Judged as a validator[; that is {status}]', 'judge as a validator'],
  verify_panel: ['Checked what the validators found', 'check what the validators found'],
  begin_free_time: ['Gave residents free time', 'give residents free time'],
  end_free_time: ['Ended a free-time cycle', 'end a free-time cycle'],
  free_time: ['Had free time', 'have free time'],
  read_file: ['Read a file', 'read a file'],
  list_files: ['Looked through files', 'look through files'],
  search_files: ['Searched files', 'search files'],
  write_document: ['Wrote[ {path}] for the library', 'write for the library'],
  propose_task: ['Proposed a task', 'propose a task'],
  vote_gate: ['Voted on a change', 'vote on a change'],
  model_alias: ['Another model answers', 'ask a model'],
  model_choice: ['Chose a model', 'choose a model'],
  queue_file_read: ['Read queue.json', 'read queue.json'],
  queue_edit_refused: ['Refused an edit of queue.json', 'take an edit of queue.json'],
  queue_file_unreadable: ['Could not read queue.json', 'read queue.json'],
  queue_file_failed: ['A file is behind', 'bring a file up to date'],
  queue_state_unreadable: ['Moved a file aside', 'move a file aside'],
  halt: ['Halted everything', 'halt everything'],
  pause: ['Paused', 'pause'],
  resume: ['Resumed', 'resume'],
  reset_budget: ['Started counting money from zero', 'count money from zero'],
  save_groq_key: ['Saved a Groq key', 'save a Groq key'],
  remove_groq_key: ['Removed the Groq key', 'remove the Groq key'],
  start_workers: ['Started workers', 'start workers'],
  stop_worker: ['Stopped a worker', 'stop a worker'],
  human_request: ['Asked everybody for something', 'ask everybody for something'],
  request_completed: ['Marked a request as met', 'mark a request as met'],
  accept_suggestion: ['Took a suggestion into the library', 'take a suggestion into the library'],
};

/** What moved a resident's tokens. */
export const ENTRY_WORDS: Readonly<Record<string, string>> = {
  under_budget_reward: 'Reward for a task under its budget',
  tip: 'Tip',
  gift: 'Gift',
  commons_granted: 'Given from the commons',
  sunday_grant: "Sunday's grant",
  milestone_reached: 'Milestone of everybody',
  recognition: 'Recognition',
  personal_best: 'Personal best',
  letter_sent: 'A message of yours to it',
  mail_answered: 'Your answer to its message',
  mail_sent: 'A message to you',
  journal_written: 'A journal entry',
  journal_voted: 'Its journal was accepted',
  self_edited: 'A change to itself',
  dispute_resolved: 'A dispute was decided',
  bounty_created: 'Put in escrow for a bounty',
  bounty_cancelled: 'Back from a cancelled bounty',
  bounty_completed: 'Bounty paid out',
  guild_left: 'From the treasury of the guild it left',
  treasury_filled: "To its guild's treasury",
  treasury_proposed: "From its guild's treasury",
  treasury_voted: "From its guild's treasury",
  pool_contributed: 'To a pool',
  pool_drawn: 'From a pool',
  quest_created: 'Promised for a task',
  quest_ended: 'Promise for a task ended',
  bids_opened: 'Back from a bounty that was won below its reward',
  skill_made: 'A skill was made from its work',
  skill_use: 'Somebody used its skill',
  work_vouched: 'The person vouched for its work',
  thrift_returned: 'Fees came back for thrifty work',
  thrift_shared: 'The efficiency pool was shared',
  panel_verified: 'It turned down what the tests turned down',
};

/** Kinds of activity in plain words. */
export const KIND_WORDS: Readonly<Record<string, string>> = {
  TOOL: 'tool',
  COST: 'cost',
  SOCIAL: 'society',
  IDENTITY: 'resident',
  SAFETY: 'safety',
  BUDGET: 'budget',
  TEST: 'test',
  JOURNAL: 'journal',
  ERROR: 'problem',
  SYSTEM: 'system',
  API: 'model',
};

export type Facts = Readonly<Record<string, unknown>>;

/** A name as it stands in code, for what has no words here. */
export const spaced = (name: string): string => name.replaceAll('_', ' ');

/** What a table holds under a name from outside, which may be one that every object answers to. */
export const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** What was done, from its name and what it came to. `nameOf` turns a resident's id into its name. */
export function wordsOfAct(action: string, facts: Facts, nameOf: (id: string) => string): string {
  const words = own(ACT_WORDS, action);
  if (words === undefined) return capital(spaced(action));
  const [done, wanted] = words;
  if (facts['ok'] === false) return `Wanted to ${wanted}`;
  const fill = (part: string) => part.replaceAll(/\{(\w+)\}/g, (_, key: string) => said(key, facts[key], nameOf));
  const known = (part: string) => [...part.matchAll(/\{(\w+)\}/g)].every(([, key = '']) => facts[key] !== undefined);
  return fill(done.replaceAll(/\[([^\]]*)\]/g, (_, part: string) => (known(part) ? part : '')));
}

/** What an act came to, in words. A lone resident's id is its name; anything that is not a word or a number says nothing. */
function said(key: string, value: unknown, nameOf: (id: string) => string): string {
  if (typeof value === 'number') return value.toLocaleString('en');
  if (typeof value !== 'string') return 'something';
  if (key === 'identity_id' || key === 'winner') return nameOf(value);
  return key === 'path' ? value : spaced(value);
}

export const capital = (text: string): string => text.replace(/^./, (letter) => letter.toUpperCase());
