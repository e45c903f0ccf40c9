import { deserialize, serialize } from 'node:v8';
import type { TokenFold } from '../../domain/economy/fold.ts';
import { KeyIndex, type KeyTable } from '../../domain/economy/key-index.ts';
import { PositionList } from '../../domain/economy/position-list.ts';
import { emptySociety, type LedgerFold, type Society } from '../../domain/social/index.ts';

/** Raise it when the shape of the state changes: older snapshots are then folded anew. */
const SHAPE = 8;

/** The engine's format is part of the version, so that a newer one's snapshot is no snapshot to an older one. */
export const LEDGER_SNAPSHOT_VERSION = SHAPE * 1_000 + Number.parseInt(process.versions.node, 10);

interface Saved {
  readonly tokens: Omit<TokenFold, 'keys' | 'trails' | 'rewards'>;
  readonly rewards: Float64Array;
  readonly trails: readonly (readonly [string, Float64Array])[];
  readonly keys: KeyTable;
  readonly society: Society;
}

export function saveLedgerFold({ tokens, society }: LedgerFold): Buffer {
  const { keys, trails, rewards, ...rest } = tokens;
  const flat = [...trails].map(([id, trail]) => [id, trail.flat] as const);
  const saved: Saved = { tokens: rest, rewards: rewards.flat, trails: flat, keys: keys.table, society };
  return serialize(saved);
}

/** The bytes are ours: their sum and version were checked before. Takes them over: the key index goes on writing into them. */
export function loadLedgerFold(bytes: Buffer): LedgerFold {
  const { tokens, trails, rewards, keys, society }: Saved = deserialize(bytes);
  const whole = new Map(trails.map(([id, trail]) => [id, new PositionList(trail)]));
  const flat = { trails: whole, rewards: new PositionList(rewards), keys: new KeyIndex(keys) };
  return { tokens: { ...tokens, ...flat }, society: { ...emptySociety(), ...society } };
}
