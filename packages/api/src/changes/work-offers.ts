import { CATALOGUE, type EntryName, PROJECT_READS } from '@vivarium/core';
import type { z } from 'zod';
import type { ToolOffer } from '../gate/call/message.ts';
import { offerOf } from '../residents/tools.ts';

interface Described {
  /** What it is of the catalogue. */
  readonly entry: EntryName;
  readonly about: string;
  readonly schema: z.ZodType;
}

const { edit_file, create_file, replace_file, move_file, delete_file, show_diff, run_tests, run_command, undo_step, hand_in } =
  CATALOGUE;

/** The tools of hands-on work in the order in which they are offered: equal projects give equal bytes. */
const DESCRIBED: Readonly<Record<string, Described>> = {
  read_file: { entry: 'read_file', about: 'Lines of a file, numbered, with its sha.', schema: PROJECT_READS.read_file },
  list_files: { entry: 'list_files', about: 'Paths of the project.', schema: PROJECT_READS.list_files },
  search_files: { entry: 'search_files', about: 'Lines that hold a text.', schema: PROJECT_READS.search_files },
  edit_file: {
    entry: 'edit_file',
    about: 'Replace "old" by "new", all edits or none. Copy "old" without line numbers, with enough lines to be found once.',
    schema: edit_file.input,
  },
  create_file: { entry: 'create_file', about: 'Create a file.', schema: create_file.input },
  replace_file: { entry: 'replace_file', about: 'Put another text in place of a whole file.', schema: replace_file.input },
  move_file: { entry: 'move_file', about: 'Move a file.', schema: move_file.input },
  delete_file: { entry: 'delete_file', about: 'Delete a file.', schema: delete_file.input },
  show_diff: { entry: 'show_diff', about: 'What you changed, since the base or a step.', schema: show_diff.input },
  run_tests: { entry: 'run_tests', about: 'Run a suite; tells what fails that did not on the base.', schema: run_tests.input },
  run_command: { entry: 'run_command', about: 'Run a command of the project.', schema: run_command.input },
  undo: { entry: 'undo_step', about: 'Go back to how it was after a step; 0 is the base.', schema: undo_step.input },
  hand_in: { entry: 'hand_in', about: 'Hand the change in and end the work.', schema: hand_in.input },
};

/** Tools by name, each with the entry of the catalogue that it is. */
export const WORK_ENTRIES: ReadonlyMap<string, EntryName> = new Map(
  Object.entries(DESCRIBED).map(([name, { entry }]) => [name, entry]),
);

const OFFERS: readonly ToolOffer[] = Object.entries(DESCRIBED).map(([name, { entry, about, schema }]) => ({
  ...offerOf({ name: entry, kind: 'act', about, schema, speech: false }),
  name,
}));

/** As a model is told them; one that has nothing to run here is left out. */
export const offersFor = (commands: number): readonly ToolOffer[] =>
  OFFERS.filter(({ name }) => name !== 'run_command' || commands > 0);
