import { z } from 'zod';
import { emptyTokenFold, type GrantRow, type SpendingRow, type TokenFold } from '../../domain/economy/fold.ts';

export const TOKEN_SNAPSHOT_VERSION = 1;

const State = z.object({
  balances: z.array(z.tuple([z.string(), z.number()])),
  keys: z.array(z.tuple([z.string(), z.number()])),
  histories: z.array(
    z.tuple([z.string(), z.object({ grants: z.array(z.custom<GrantRow>()), spendings: z.array(z.custom<SpendingRow>()) })]),
  ),
  grants: z.array(z.tuple([z.string(), z.record(z.string(), z.unknown())])),
});

export function saveTokenFold(fold: TokenFold): Buffer {
  const { balances, keys, histories, grants } = fold;
  return Buffer.from(
    JSON.stringify({ balances: [...balances], keys: [...keys], histories: [...histories], grants: [...grants] }),
  );
}

export function loadTokenFold(bytes: Buffer): TokenFold {
  const state = State.parse(JSON.parse(bytes.toString('utf8')));
  const fold = emptyTokenFold();
  for (const [account, balance] of state.balances) fold.balances.set(account, balance);
  for (const [key, position] of state.keys) fold.keys.set(key, position);
  for (const [id, history] of state.histories) fold.histories.set(id, history);
  for (const [key, grant] of state.grants) fold.grants.set(key, grant);
  return fold;
}
