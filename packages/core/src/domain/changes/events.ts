import { z } from 'zod';
import { Instant, Oid, Sha256, TaskId } from '../../contract/ids.ts';
import { ProcessIdentity } from '../../contract/process.ts';
import { ProjectName } from '../../contract/projects-file.ts';
import { ChangedFile, Tier } from './entries.ts';

/** `actor` is an identity, `human` or `runtime`. */
const base = { at: Instant, actor: z.string().min(1).max(160) };
export const ChangeId = z.string().regex(/^chg_[0-9a-f]{10}$/, 'is not the id of a change');
const Id = z.string().min(1).max(160);
const Words = z.string().max(8_000);
const change = { ...base, change_id: ChangeId };
const of = <N extends string>(event: N) => ({ event: z.literal(event) });

export const CHANGE_KINDS = ['fix', 'feature', 'refactor', 'docs', 'test', 'chore'] as const;
export const RemovedTest = z.strictObject({ name: z.string().min(1).max(1_000), because: z.string().min(1).max(1_000) });

/** What a hand-in binds to: the tree, the hash of all its entries, and of those that are no test. */
const patch = {
  tree: Oid,
  entries_sha256: Sha256,
  code_sha256: Sha256,
  files: z.array(ChangedFile),
  tier: Tier,
};

/** One observation by the runtime, bound to the tree it looked at. `binding`: tree, suite, sandbox profile, dependency key. */
export const Check = z.object({
  rule: z.string().min(1).max(64),
  suite: z.string().max(64).optional(),
  tree: Oid,
  passed: z.boolean(),
  decisive: z.boolean(),
  detail: Words,
  binding: z.string().max(200).optional(),
  counts: z.record(z.string(), z.number()).optional(),
  /** Names and results by tree, for the person's matrix; an artifact id. */
  artifact: z.string().max(300).optional(),
});
export type Check = z.infer<typeof Check>;

/** A tree and the versions of what was learned. */
const CheckpointTrees = z.array(z.strictObject({ project: ProjectName, commit: Oid, tree: Oid }));

/** One thing that `.swarm/changes.jsonl` tells. An event out of order stands in the log and does not count. */
export const ChangeEvent = z.discriminatedUnion('event', [
  z.object({
    ...base,
    ...of('project_seen'),
    project: ProjectName,
    config_sha256: Sha256.describe("The hash of the project's own block: what an approval calls policy_sha256"),
    branch: z.string(),
    commit: Oid.describe('What the branch shows'),
  }),
  z.object({ ...base, ...of('project_paused'), project: ProjectName, because: Words.optional().describe('absent: it goes on') }),
  z.object({
    ...change,
    ...of('change_opened'),
    task_id: TaskId,
    attempt: z.int().positive(),
    project: ProjectName,
    base_commit: Oid,
    base_tree: Oid,
    policy_sha256: Sha256,
    executor: z.string().min(1).max(64),
    author_id: Id.optional(),
  }),
  z.object({ ...change, ...of('work_saved'), step: z.int().min(0), tree: Oid }),
  z.object({
    ...change,
    ...of('change_handed_in'),
    ...patch,
    title: z.string().min(1).max(240),
    summary: Words,
    kind: z.enum(CHANGE_KINDS),
    removed_tests: z.array(RemovedTest).max(200).default([]),
    prediction: Words.optional(),
    origins: z.array(z.string().max(300)).max(400).default([]).describe('What was read while it was made'),
  }),
  z.object({ ...change, ...of('tests_added'), ...patch, by: Id }),
  z.object({ ...change, ...of('change_moved'), ...patch, base_commit: Oid, base_tree: Oid }),
  z.object({ ...change, ...of('check_recorded'), ...Check.shape }),
  z.object({ ...change, ...of('change_behind'), because: Words }),
  z.object({ ...change, ...of('change_ended'), state: z.enum(['rejected', 'abandoned']), because: Words }),
  z.object({
    ...base,
    ...of('integrated'),
    batch_id: Id,
    project: ProjectName,
    base_commit: Oid,
    tree: Oid,
    members: z.array(z.strictObject({ change_id: ChangeId, tree: Oid })),
    passed: z.boolean(),
    at_fault: z.record(ChangeId, Words).default({}),
    runs: z.int().min(0),
  }),
  z.object({
    ...change,
    ...of('approval_given'),
    approval_id: Id,
    project: ProjectName,
    attempt: z.int().positive(),
    entries_sha256: Sha256,
    base_tree: Oid,
    tree: Oid,
    policy_sha256: Sha256,
    tier: Tier,
    mode: z.enum(['exact', 'same_files']),
    by: z.enum(['human', 'policy']).describe('policy: `land: auto`, which a person set'),
    expires_at: Instant,
  }),
  z.object({ ...base, ...of('approval_void'), approval_id: Id, because: Words }),
  z.object({ ...change, ...of('landing_retried') }).describe('What was in the way of its landing is gone, says the person'),
  z.object({
    ...base,
    ...of('landing_started'),
    landing_id: Id,
    project: ProjectName,
    approval_id: Id.optional(),
    change_id: ChangeId.optional(),
    restore_id: Id.optional(),
    from_commit: Oid,
    to_commit: Oid,
    to_tree: Oid,
    checkpoint_id: Id,
    paths: z.array(z.string()),
    by: Id.describe('worker or program that lands'),
    owner: ProcessIdentity.optional().describe('its process: once that has ended, another goes on'),
    epoch: z.int().min(0),
  }),
  z.object({ ...base, ...of('landing_taken'), landing_id: Id, by: Id, owner: ProcessIdentity.optional(), epoch: z.int().min(0) }),
  z.object({
    ...base,
    ...of('landing_finished'),
    landing_id: Id,
    by: Id,
    epoch: z.int().min(0),
    ok: z.boolean(),
    because: Words.optional(),
    held: z.enum(['your_edits', 'branch', 'repository', 'unclear']).optional().describe('only a person can help'),
    paths: z.array(z.string()).optional(),
  }),
  z.object({
    ...base,
    ...of('checkpoint_taken'),
    checkpoint_id: Id,
    note: z.string().max(240).optional(),
    automatic: z.boolean(),
    trees: CheckpointTrees,
    versions: z.record(z.string(), z.string()).default({}).describe('skills, hats, prompts, settings by name'),
    positions: z.record(z.string(), z.number()).default({}),
  }),
  z.object({
    ...base,
    ...of('restore_started'),
    restore_id: Id,
    checkpoint_id: Id,
    project: ProjectName.optional(),
    owner: ProcessIdentity.optional().describe('the process that restores: once that has ended, another ends it'),
  }),
  z.object({
    ...base,
    ...of('restore_finished'),
    restore_id: Id,
    same: z.boolean(),
    because: Words.optional(),
    trees: CheckpointTrees,
  }),
  z.object({ ...base, ...of('drill_recorded'), project: ProjectName, passed: z.boolean(), detail: Words }),
]);
export type ChangeEvent = z.infer<typeof ChangeEvent>;

/** Events that count together or not at all. Whatever one alone may say stands in a line of its own. */
const Together = z.object({ ...base, ...of('together'), events: z.array(ChangeEvent).min(2).max(1_000) });
/** A line of the log. */
export const ChangeLine = z.union([ChangeEvent, Together]);
export type ChangeLine = z.infer<typeof ChangeLine>;

export const eventsOf = (line: ChangeLine): readonly ChangeEvent[] => (line.event === 'together' ? line.events : [line]);
