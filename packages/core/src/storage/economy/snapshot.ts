import { deserialize, serialize } from 'node:v8';
import type { TokenFold } from '../../domain/economy/fold.ts';
import { KeyIndex, type KeyTables } from '../../domain/economy/key-index.ts';
import { emptySociety, type LedgerFold, type Society } from '../../domain/social/society.ts';

/** Raise it when the shape of the state changes: older snapshots are then folded anew. */
const SHAPE = 1;

/** The engine's format is part of the version, so that a newer one's snapshot is no snapshot to an older one. */
export const LEDGER_SNAPSHOT_VERSION = SHAPE * 1_000 + Number.parseInt(process.versions.node, 10);

interface Saved {
  readonly tokens: Omit<TokenFold, 'keys'>;
  readonly keys: KeyTables;
  readonly society: Society;
}

export function saveLedgerFold({ tokens, society }: LedgerFold): Buffer {
  const { keys, ...rest } = tokens;
  const saved: Saved = { tokens: rest, keys: keys.tables, society };
  return serialize(saved);
}

/** The bytes are ours: their sum and version were checked before. */
export function loadLedgerFold(bytes: Buffer): LedgerFold {
  const { tokens, keys, society }: Saved = deserialize(bytes);
  return { tokens: { ...tokens, keys: new KeyIndex(keys) }, society: { ...emptySociety(), ...society } };
}
