import { mayGoNegative, ownerOf, UNDER_BUDGET_MINT } from '../economy/accounts.ts';
import type { TokenFold } from '../economy/fold.ts';
import type { Postings } from '../economy/postings.ts';

/** Where tokens come from that nobody paid in, by the kind of entry. Every other entry moves only what is there. */
const SOURCE_OF: Readonly<Record<string, string>> = {
  bounty_created: 'mint:bounty',
  bounty_topped_up: 'mint:bounty',
  journal_voted: 'mint:journal',
  letter_sent: 'mint:human_attention',
  mail_answered: 'mint:human_attention',
  milestone_reached: 'mint:milestone',
  panel_verified: 'mint:craft',
  personal_best: 'mint:recognition',
  quest_created: 'mint:quest',
  recognition: 'mint:recognition',
  skill_made: 'mint:craft',
  skill_use: 'mint:craft',
  sunday_grant: 'mint:sunday',
  thrift_returned: 'mint:thrift',
  thrift_shared: 'mint:thrift',
  tip: 'mint:tip',
  under_budget_reward: UNDER_BUDGET_MINT,
  work_vouched: 'mint:craft',
};

/** A reopened vote takes back what it paid: the one entry that may take from somebody else than the one who acts. */
const TAKES_BACK = 'dispute_resolved';

/**
 * What an act would take that is not there, or not its actor's to give; undefined when all is covered. Holds for every act
 * whatever its own rule says: only named sources mint, escrows and pools give what they hold, and nobody pays from
 * another's wallet.
 */
export function uncovered(
  { balances }: Pick<TokenFold, 'balances'>,
  { kind, booking }: { readonly kind: string; readonly booking?: Postings },
  actor: string,
): string | undefined {
  for (const { account, amount } of booking?.done().postings ?? []) {
    if (amount >= 0) continue;
    const owner = ownerOf(account);
    if (mayGoNegative(account)) {
      if (SOURCE_OF[kind] !== account) return `${kind} takes no new tokens from ${account}`;
    } else if (owner !== undefined && owner !== actor && kind !== TAKES_BACK) {
      return `Only ${owner} pays from its wallet`;
    } else if ((balances.get(account) ?? 0) + amount < 0) {
      return `${account} holds ${balances.get(account) ?? 0} tokens and this would take ${-amount}`;
    }
  }
  return undefined;
}
