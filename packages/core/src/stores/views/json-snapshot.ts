import type { z } from 'zod';
import type { SnapshotCodec } from '../../ports/shared-log.ts';

/** A snapshot of a small fold, as JSON. Raise `version` when the state's shape changes: older ones are then folded anew. */
export function jsonSnapshot<T>(
  version: number,
  schema: z.ZodType<T>,
  fold: { readonly save: () => T; readonly load: (state: T) => void },
): SnapshotCodec {
  return {
    version,
    save: () => Buffer.from(JSON.stringify(fold.save())),
    load: (bytes) => fold.load(schema.parse(JSON.parse(bytes.toString('utf8')))),
  };
}
