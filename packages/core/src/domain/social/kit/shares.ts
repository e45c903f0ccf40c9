/** Shares that sum to the amount exactly; what does not divide goes to the first. */
export function shares(
  amount: number,
  members: readonly string[],
): readonly { readonly identity: string; readonly amount: number }[] {
  const each = Math.floor(amount / Math.max(1, members.length));
  const rest = amount - each * members.length;
  return members.map((identity, at) => ({ identity, amount: each + (at === 0 ? rest : 0) }));
}
