import { mayGoNegative, ownerOf } from '../../economy/accounts.ts';
import type { TokenFold } from '../../economy/fold.ts';
import type { Postings } from '../../economy/postings.ts';

/** What a subject's entries may do beyond moving what is there and the actor's own to give. */
export interface Powers {
  /** Where tokens come from that nobody paid in, by the kind of entry. */
  readonly mints?: Readonly<Record<string, string>>;
  /** The kind of entry that takes back from somebody else than the one who acts. */
  readonly takes_back?: string;
}

/**
 * What an act would take that is not there, or not its actor's to give; undefined when all is covered. Holds for every act
 * whatever its own rule says: only named sources mint, escrows and pools give what they hold, and nobody pays from
 * another's wallet.
 */
export function uncovered(
  { balances }: Pick<TokenFold, 'balances'>,
  { kind, booking }: { readonly kind: string; readonly booking?: Postings },
  actor: string,
  { mints, takes_back }: Powers,
): string | undefined {
  for (const { account, amount } of booking?.done().postings ?? []) {
    if (amount >= 0) continue;
    const owner = ownerOf(account);
    if (mayGoNegative(account)) {
      if (mints?.[kind] !== account) return `${kind} takes no new tokens from ${account}`;
    } else if (owner !== undefined && owner !== actor && kind !== takes_back) {
      return `Only ${owner} pays from its wallet`;
    } else if ((balances.get(account) ?? 0) + amount < 0) {
      return `${account} holds ${balances.get(account) ?? 0} tokens and this would take ${-amount}`;
    }
  }
  return undefined;
}
