import { CHANGE_STATES, ChangedFile, Check, FileSide, RemovedTest, Sha256, Tier } from '@vivarium/core';
import { z } from 'zod';
import { next_cursor, type Sent, success } from './sent.ts';
import { GateRow } from './tasks.ts';

/** Changes to projects: as a list shows them, whole, and what is different in them line by line. */

const ChangeState = z.enum(CHANGE_STATES).meta({ id: 'ChangeState' });
export type ChangeState = Sent<typeof ChangeState>;

const What = z.enum(['added', 'modified', 'deleted', 'renamed']);
const Side = FileSide.pick({ mode: true, sha256: true, bytes: true });

/** One changed path. */
export const ChangeFile = z
  .object({
    ...ChangedFile.pick({ path: true, tier: true, test: true, binary: true, added: true, removed: true }).shape,
    from: z.string().exactOptional().describe('Where the same bytes stood before, when it was renamed'),
    change: What,
    by_qa: z.boolean().describe('Brought at the gate by somebody else than the author'),
    before: Side.exactOptional(),
    after: Side.exactOptional(),
  })
  .meta({ id: 'ChangeFile' });
export type ChangeFile = Sent<typeof ChangeFile>;

const about = {
  change_id: z.string(),
  task_id: z.string(),
  attempt: z.number(),
  project: z.string(),
  state: ChangeState,
  title: z.string(),
  kind: z.string(),
  author: z.string().nullable(),
  tier: Tier,
};
const Held = z.object({ why: z.string(), because: z.string(), paths: z.array(z.string()) });

/** One change as a list shows it. */
export const ChangeRow = z
  .object({
    ...about,
    files: z.number(),
    added: z.number(),
    removed: z.number(),
    approved: z.boolean().describe('A yes of the person is in force'),
    held: Held.exactOptional().describe('Why it could not be landed, when only a person can help'),
    behind: z.string().exactOptional(),
    opened_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'ChangeRow' });
export type ChangeRow = Sent<typeof ChangeRow>;

export const ChangePage = z
  .object({ success, changes: z.array(ChangeRow), next_cursor, counts: z.partialRecord(ChangeState, z.number()) })
  .meta({ id: 'ChangePage' });
export type ChangePage = Sent<typeof ChangePage>;

const Result = z.enum(['passed', 'failed', 'skipped', 'missing']);
/** One test by its name, and how it went on each tree. */
export const TestRow = z
  .object({
    suite: z.string(),
    name: z.string(),
    base: Result.exactOptional(),
    new: Result.exactOptional(),
    integrated: Result.exactOptional(),
    frozen: Result.exactOptional().describe("The new code under the base's tests"),
  })
  .meta({ id: 'TestRow' });
export type TestRow = Sent<typeof TestRow>;

const Approval = z.object({
  approval_id: z.string(),
  at: z.string(),
  expires_at: z.string(),
  tree: z.string(),
  entries_sha256: Sha256,
});

/** One change, whole. */
export const ChangeDetail = z
  .object({
    success,
    ...about,
    summary: z.string(),
    executor: z.string(),
    prediction: z.string().exactOptional(),
    base_commit: z.string(),
    base_tree: z.string(),
    tree: z.string(),
    entries_sha256: z.string().describe('Empty until it is handed in'),
    mode: z.enum(['exact', 'same_files']).exactOptional().describe('What a yes binds to; absent when its project is gone'),
    files: z.array(ChangeFile),
    checks: z.array(Check.pick({ rule: true, suite: true, tree: true, passed: true, decisive: true, detail: true })),
    matrix: z.object({ rows: z.array(TestRow), total: z.number() }).describe('Tests that differ first; at most 500'),
    gates: z.array(GateRow).exactOptional(),
    removed_tests: z.array(RemovedTest),
    qa: z.object({ by: z.string(), paths: z.array(z.string()) }).exactOptional(),
    origins: z.array(z.string()).describe('What was read while it was made'),
    spent_usd: z.number(),
    approval: Approval.exactOptional(),
    landing: z.object({ commit: z.string(), at: z.string() }).exactOptional(),
    held: Held.exactOptional(),
    behind: z.string().exactOptional(),
    reasons: z.array(z.string()),
    history: z.array(z.object({ at: z.string(), text: z.string() })).describe('Oldest first'),
    opened_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'ChangeDetail' });
export type ChangeDetail = Sent<typeof ChangeDetail>;

const Line = z.object({ sign: z.enum([' ', '+', '-']), text: z.string() });
const Hunk = z.object({
  before: z.number().describe('First line, as the base counts'),
  after: z.number().describe('First line, as the new tree counts'),
  lines: z.array(Line),
});
export type Hunk = Sent<typeof Hunk>;

/** What is different in one file. A binary, or one over 512 KB, is told by size and hash alone. */
export const FileDiff = z
  .object({
    path: z.string(),
    hunks: z.array(Hunk).exactOptional(),
    shown_as: z.enum(['text', 'binary', 'too_large', 'later']).describe('later: ask for this path by itself'),
    unended: z.array(z.enum(['before', 'after'])).describe('Which side does not end its last line'),
  })
  .meta({ id: 'FileDiff' });
export type FileDiff = Sent<typeof FileDiff>;

export const ChangeDiff = z
  .object({ success, change_id: z.string(), entries_sha256: z.string(), files: z.array(FileDiff) })
  .meta({ id: 'ChangeDiff' });
export type ChangeDiff = Sent<typeof ChangeDiff>;

export const ChangeDecided = z.object({ success, change_id: z.string(), state: ChangeState }).meta({ id: 'ChangeDecided' });
