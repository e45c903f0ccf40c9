import { z } from 'zod';
import { Oid, Sha256 } from '../../contract/ids.ts';

/** What each path may be touched under, from never to open. Computed by the runtime, never stated. */
export const TIERS = ['A', 'B', 'C', 'D'] as const;
export const Tier = z.enum(TIERS);
export type Tier = z.infer<typeof Tier>;

/** One end of a changed path. `sha256` is of the bytes. */
export const FileSide = z.strictObject({ mode: z.enum(['100644', '100755']), oid: Oid, sha256: Sha256, bytes: z.int().min(0) });
export type FileSide = z.infer<typeof FileSide>;

/** One changed path, without rename detection: a renamed file is one deleted and one added. */
export const ChangedFile = z.strictObject({
  path: z.string().min(1).max(300),
  tier: Tier,
  /** True for a file that the project's `tests_are` names. */
  test: z.boolean(),
  binary: z.boolean(),
  /** Lines; 0 for binaries. */
  added: z.int().min(0),
  removed: z.int().min(0),
  before: FileSide.optional(),
  after: FileSide.optional(),
});
export type ChangedFile = z.infer<typeof ChangedFile>;

/** A changed path's two ends, as a store of objects knows them. */
export type ChangedEntry = Pick<ChangedFile, 'path' | 'before' | 'after'>;

/** The text whose SHA-256 is the entry hash: what is judged and approved, whatever commit it stands on. Sorted by path bytes. */
export const entriesText = (entries: readonly ChangedEntry[]): string =>
  [...entries]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, before, after }) => `${JSON.stringify(path)}\t${sideText(before)}\t${sideText(after)}\n`)
    .join('');

const sideText = (side: FileSide | undefined): string => (side ? `${side.mode} ${side.sha256}` : '-');

/** The highest tier of some paths; `D` of none. */
export const highestTier = (files: readonly Pick<ChangedFile, 'tier'>[]): Tier =>
  TIERS.find((tier) => files.some((file) => file.tier === tier)) ?? 'D';
