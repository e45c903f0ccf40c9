import { CATALOGUE, fieldProblemLines, fieldProblemsOf, jsonIn, PROJECT_READS, type Refused, refuse } from '@vivarium/core';
import type { z } from 'zod';
import type { Worked } from './answer.ts';
import { listFilesTool, readFileTool, searchFilesTool } from './look.ts';
import { runCommandTool, runTestsTool } from './run.ts';
import { showDiffTool, undoTool } from './show.ts';
import type { Workbench } from './workbench.ts';
import { createFileTool, deleteFileTool, editFileTool, moveFileTool, replaceFileTool } from './write.ts';

export type { WorkAnswer, Worked } from './answer.ts';
export { UnfitFilesError, Workbench } from './workbench.ts';

interface WorkTool {
  readonly schema: z.ZodType;
  /** Its arguments as they came, checked. */
  run(bench: Workbench, args: unknown): Promise<Worked>;
}

const tool = <S extends z.ZodType>(
  schema: S,
  run: (bench: Workbench, args: z.output<S>) => Worked | Promise<Worked>,
): WorkTool => ({
  schema,
  run: async (bench, args) => run(bench, schema.parse(args)),
});

const { edit_file, create_file, replace_file, move_file, delete_file, show_diff, run_tests, run_command, undo_step } = CATALOGUE;

/** Everything a resident can do in its work area, by name; handing it in is not here, as it ends the work. */
const WORK_TOOLS: ReadonlyMap<string, WorkTool> = new Map([
  ['read_file', tool(PROJECT_READS.read_file, readFileTool)],
  ['list_files', tool(PROJECT_READS.list_files, listFilesTool)],
  ['search_files', tool(PROJECT_READS.search_files, searchFilesTool)],
  ['edit_file', tool(edit_file.input, editFileTool)],
  ['create_file', tool(create_file.input, createFileTool)],
  ['replace_file', tool(replace_file.input, replaceFileTool)],
  ['move_file', tool(move_file.input, moveFileTool)],
  ['delete_file', tool(delete_file.input, deleteFileTool)],
  ['show_diff', tool(show_diff.input, showDiffTool)],
  ['run_tests', tool(run_tests.input, runTestsTool)],
  ['run_command', tool(run_command.input, runCommandTool)],
  ['undo', tool(undo_step.input, undoTool)],
]);

export type Given<T> = { readonly ok: true; readonly args: T } | Refused;

/** The arguments of a call as a model wrote them, checked by a schema; or every field that is wrong. */
export function givenTo<S extends z.ZodType>(schema: S, text: string): Given<z.output<S>> {
  const json = text.trim() === '' ? { found: true as const, value: {} } : jsonIn(text);
  if (!json.found) return refuse('invalid_arguments', 'The arguments are not valid JSON; send one JSON object');
  const read = schema.safeParse(withoutNulls(json.value));
  if (read.success) return { ok: true, args: read.data };
  return refuse('invalid_arguments', fieldProblemLines(fieldProblemsOf(read.error, { at: 'arguments' })));
}

/** Do one call. Never throws for what a model may get wrong. */
export async function workWith(bench: Workbench, name: string, text: string): Promise<Worked> {
  const found = WORK_TOOLS.get(name);
  if (!found) return { answer: refuse('unknown_tool', `There is no tool "${name.slice(0, 60)}"`) };
  const given = givenTo(found.schema, text);
  return given.ok ? found.run(bench, given.args) : { answer: given };
}

/** Models say null for what they leave out. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const said = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(said.map(([key, item]) => [key, withoutNulls(item)]));
}
