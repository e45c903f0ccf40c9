import { asOwner, asRuntime } from '../../../contract/actor.ts';
import type { Refused } from '../../../contract/refusals.ts';
import { walletAccount } from '../../economy/accounts.ts';
import type { Postings } from '../../economy/postings.ts';
import { poor } from '../kit/index.ts';
import type { Bounty, TopUp } from './state.ts';

/** The person's bounties are new tokens from a source of their own; a resident's come from its wallet. */
export const BOUNTY_MINT = 'mint:bounty';
export const escrowOf = (bounty_id: string): string => `escrow:bounty:${bounty_id}`;

/** Where somebody pays into a bounty from. */
const sourceOf = (payer: string): string =>
  payer === asOwner.id || payer === asRuntime.id ? BOUNTY_MINT : walletAccount(payer, 'free');

/** Pay into a bounty's escrow from one's own source; nobody is ever made to pay by somebody else. */
export function payIn(booking: Postings, payer: string, bounty_id: string, amount: number): Refused | undefined {
  const source = sourceOf(payer);
  const held = booking.balance(source);
  if (source !== BOUNTY_MINT && held < amount) return poor(held, amount);
  booking.move(source, escrowOf(bounty_id), amount);
  return undefined;
}

/** Give somebody back from a bounty's escrow. */
export function giveBack(booking: Postings, bounty_id: string, { payer, amount }: TopUp): void {
  if (amount <= 0) return;
  if (sourceOf(payer) === BOUNTY_MINT) booking.move(escrowOf(bounty_id), BOUNTY_MINT, amount);
  else booking.credit(escrowOf(bounty_id), payer, amount);
}

/** Give back what was not paid out: to those who paid in last first, the rest to who offered the bounty. */
export function returnEscrow(booking: Postings, { id, created_by, top_ups }: Bounty, left: number): void {
  let rest = left;
  for (const { payer, amount } of [...top_ups].reverse()) {
    const part = Math.min(rest, amount);
    giveBack(booking, id, { payer, amount: part });
    rest -= part;
  }
  giveBack(booking, id, { payer: created_by, amount: rest });
}
