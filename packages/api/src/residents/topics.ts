/** Every tool under the topic by which a model asks for it. The order is that of every offer: equal needs give equal bytes. */
export const TOPICS: Readonly<Record<string, readonly string[]>> = {
  basics: ['read_file', 'list_files', 'search_files', 'decline_task', 'more_tools'],
  library: ['write_document', 'publish_work', 'read_work', 'react_work'],
  proposals: ['propose_task'],
  talk: ['post_message', 'direct_message', 'message_human', 'thank', 'send_invite', 'answer_invite'],
  journals: ['write_journal', 'vote_journal', 'remember'],
  guilds: ['found_guild', 'request_guild', 'vote_guild', 'leave_guild', 'spend_treasury', 'contribute_treasury', 'vote_treasury'],
  bounties: [
    'claim_bounty',
    'place_bid',
    'unclaim_bounty',
    'submit_bounty',
    'create_bounty',
    'complete_bounty',
    'top_up_bounty',
    'cancel_bounty',
  ],
  disputes: ['open_dispute', 'resolve_dispute', 'wear_hat'],
  hats: ['wear_hat', 'take_off_hat', 'make_hat'],
  tokens: ['gift_tokens', 'contribute_pool', 'create_pool', 'draw_pool'],
  gates: ['vote_gate'],
  self: ['edit_self', 'rest', 'create_identity'],
};

/** All tools, each once, in the order in which they are offered. */
export const IN_ORDER: readonly string[] = [...new Set(Object.values(TOPICS).flat())];

/** Topics that are asked for; the basics are there anyway. */
export const ON_DEMAND: readonly string[] = Object.keys(TOPICS).filter((topic) => topic !== 'basics');

/** The topic that somebody means by a word: its name, a tool of it, or a part of either's name. */
export function topicOf(word: string): string | undefined {
  const same = (name: string) => isNamed(name, word);
  return (
    ON_DEMAND.find((topic) => same(topic) || TOPICS[topic]?.some(same)) ??
    ON_DEMAND.find((topic) => TOPICS[topic]?.some((tool) => tool.split('_').some(same)))
  );
}

/** Whether a word is a name, in whatever number. */
export const isNamed = (name: string, word: string): boolean => plainOf(name) === plainOf(word);

/** Case, plural and signs make no other word. */
const plainOf = (word: string): string =>
  word
    .toLowerCase()
    .replace(/[^a-z]+/g, '')
    .replace(/ies$/, 'y')
    .replace(/s$/, '');
