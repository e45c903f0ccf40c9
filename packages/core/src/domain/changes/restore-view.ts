import { z } from 'zod';
import { Oid } from '../../contract/ids.ts';

/** A commit that a restore takes back. */
export const UndoneCommit = z.strictObject({
  commit: Oid,
  author: z.string(),
  at: z.string(),
  subject: z.string(),
  /** `vivarium`: the log of changes says that it landed here. Whatever the commit says of itself does not count. */
  by: z.enum(['vivarium', 'you']),
  change_id: z.string().exactOptional(),
  task_id: z.string().exactOptional(),
});
export type UndoneCommit = z.infer<typeof UndoneCommit>;

/** What a restore would do to one project. */
export const ProjectRestore = z.strictObject({
  project: z.string(),
  /** What the checkpoint holds of it. */
  commit: Oid,
  tree: Oid,
  now: z
    .strictObject({ commit: Oid, tree: Oid })
    .exactOptional()
    .describe('What its branch shows; absent when it cannot be looked at'),
  same: z.boolean().describe('Its branch shows that tree already'),
  files: z.array(z.strictObject({ path: z.string(), change: z.enum(['added', 'modified', 'deleted']) })),
  commits: z.array(UndoneCommit).describe('Taken back by it, newest first'),
  rewritten: z.boolean().describe('The branch does not come from the commit of the checkpoint any more'),
  needs_including_mine: z.boolean().describe('It takes back work that is not of Vivarium'),
  running: z.array(z.string()).describe('Tasks that are worked on; what they hand in is merged anew, or they are stopped'),
  waiting: z.array(z.string()).describe('Changes that were handed in; they are merged anew and verified again'),
  problem: z.string().exactOptional().describe('Why it cannot be restored at this moment, and what helps'),
});
export type ProjectRestore = z.infer<typeof ProjectRestore>;

/** What is learned by name, then and now; absent: not there. */
const VersionMoved = z.strictObject({ name: z.string(), was: z.string().exactOptional(), is: z.string().exactOptional() });

/** What a restore would do; looking changes nothing. */
export const RestorePreview = z.strictObject({
  checkpoint_id: z.string(),
  at: z.string(),
  note: z.string().exactOptional(),
  automatic: z.boolean(),
  projects: z.array(ProjectRestore),
  versions: z
    .array(VersionMoved)
    .describe('What of skills, hats and settings is another by now; a restore leaves these as they are'),
});
export type RestorePreview = z.infer<typeof RestorePreview>;

const ProjectTree = z.strictObject({ project: z.string(), commit: Oid, tree: Oid });

/** What a restore came to. */
export const Restored = z.strictObject({
  restore_id: z.string(),
  checkpoint_id: z.string(),
  same: z.boolean().describe('Every branch shows exactly the tree of the checkpoint'),
  because: z.string().exactOptional(),
  trees: z.array(ProjectTree).describe('What the branches show now'),
  landed: z.array(z.strictObject({ project: z.string(), commit: Oid })),
  behind: z.array(z.string()).describe('Changes that are merged anew'),
});
export type Restored = z.infer<typeof Restored>;

/** One try of the way back, in the store alone. */
export const Drilled = z.strictObject({
  project: z.string(),
  passed: z.boolean(),
  detail: z.string(),
  duration_ms: z.number(),
});
export type Drilled = z.infer<typeof Drilled>;
