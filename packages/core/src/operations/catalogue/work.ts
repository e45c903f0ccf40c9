import { z } from 'zod';
import { CHANGE_KINDS, RemovedTest } from '../../domain/changes/events.ts';
import { errand } from './entry.ts';

const MOST_PATHS = 20;
const FILE_CHARS = 200_000;

const Path = z.string().min(1).max(300);
const Because = z.string().trim().min(3).max(1_000);
const Line = z.int().min(1).max(10_000_000);
const Name = z.string().min(1).max(64);
const Step = z.int().min(0);

const Edit = z.strictObject({
  old: z.string().min(1).max(20_000),
  new: z.string().max(20_000),
  times: z.int().min(1).max(100).optional(),
  near_line: Line.optional(),
});

/** How a resident looks at a project: more to ask than of files of the workspace. */
export const PROJECT_READS = {
  read_file: z.strictObject({ path: Path, from_line: Line.optional(), lines: z.int().min(1).max(2_000).optional() }),
  list_files: z.strictObject({ path: Path.optional(), depth: z.int().min(1).max(4).optional(), glob: Path.optional() }),
  search_files: z.strictObject({
    query: z.string().min(1).max(300),
    regex: z.boolean().optional(),
    path: Path.optional(),
    glob: Path.optional(),
    context: z.int().min(0).max(5).optional(),
    max: z.int().min(1).max(200).optional(),
  }),
};

const resident = { who: ['resident'], lan: 'never', reach: 'private', by: 'api' } as const;

/** What a resident does in its own work area of a project. Nobody sees it before it is handed in. */
export const workErrands = {
  edit_file: errand({
    ...{ ...resident, title: 'Replace pieces of a file, all or none' },
    input: z.strictObject({ path: Path, edits: z.array(Edit).min(1).max(20), if_sha: z.string().min(4).max(64).optional() }),
  }),
  create_file: errand({
    ...{ ...resident, title: 'Create a file' },
    input: z.strictObject({ path: Path, content: z.string().max(FILE_CHARS), executable: z.boolean().optional() }),
  }),
  replace_file: errand({
    ...{ ...resident, title: 'Put another text in the place of a whole file' },
    input: z.strictObject({
      path: Path,
      content: z.string().max(FILE_CHARS),
      if_sha: z.string().min(4).max(64),
      shrinks_because: Because.optional(),
    }),
  }),
  move_file: errand({ ...resident, title: 'Move a file', input: z.strictObject({ from: Path, to: Path }) }),
  delete_file: errand({ ...resident, title: 'Delete a file', input: z.strictObject({ path: Path, because: Because }) }),
  show_diff: errand({
    ...{ ...resident, title: 'Show what was changed since the base, or since a step' },
    input: z.strictObject({ path: Path.optional(), against: z.union([z.literal('base'), Step]).optional() }),
  }),
  run_tests: errand({
    ...{ ...resident, title: 'Run a suite of the project on what is there, and compare it with the base' },
    input: z.strictObject({ suite: Name, only: z.array(Path).min(1).max(MOST_PATHS).optional() }),
  }),
  run_command: errand({
    ...{ ...resident, title: 'Run a command of the project' },
    input: z.strictObject({ name: Name, args: z.array(Path).max(MOST_PATHS).optional() }),
  }),
  undo_step: errand({ ...resident, title: 'Go back to how it was after a step', input: z.strictObject({ to_step: Step }) }),
  hand_in: errand({
    ...{ ...resident, title: 'Hand the change in; its work ends' },
    input: z.strictObject({
      title: z.string().trim().min(1).max(120),
      summary: z.string().trim().min(1).max(8_000),
      kind: z.enum(CHANGE_KINDS),
      removed_tests: z.array(RemovedTest).max(200).optional(),
      prediction: z.string().max(8_000).optional(),
    }),
  }),
};
