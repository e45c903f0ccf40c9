/** The two pools of a resident: free time, and what only a journal may be paid from. */
export type Pool = 'free' | 'journal';

/** Where under-budget rewards come from: the one source that may go below zero for them. */
export const UNDER_BUDGET_MINT = 'mint:under_budget';
/** What belongs to everybody; overflow over a cap lands here. */
export const COMMONS = 'commons';

const ACCOUNT = /^(?:commons|wallet:[\w.-]{1,128}:(?:free|journal)|(?:mint|sink|escrow|pool|guild):[\w.:-]{1,200})$/;
const WALLET = 'wallet:';

export function walletAccount(identity_id: string, pool: Pool): string {
  return `wallet:${identity_id}:${pool}`;
}

/** Whose wallet an account is; undefined for every other account. */
export function ownerOf(account: string): string | undefined {
  return account.startsWith(WALLET) ? account.slice(WALLET.length, account.lastIndexOf(':')) : undefined;
}

/** The same with the pool. */
export function walletOf(account: string): { readonly identity_id: string; readonly pool: Pool } | undefined {
  const identity_id = ownerOf(account);
  return identity_id === undefined ? undefined : { identity_id, pool: account.endsWith(':journal') ? 'journal' : 'free' };
}

export function isAccount(name: string): boolean {
  return ACCOUNT.test(name);
}

/** Only named sources give what nobody paid in before. */
export function mayGoNegative(account: string): boolean {
  return account.startsWith('mint:');
}
