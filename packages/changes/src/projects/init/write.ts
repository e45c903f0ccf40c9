import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { InvalidInputError, linkTarget, ProjectName, readTextFile } from '@vivarium/core';
import { applyEdits, modify } from 'jsonc-parser';
import { readProjects } from '../file.ts';

const LAYOUT = { formattingOptions: { insertSpaces: true, tabSize: 2, insertFinalNewline: true } };
const EMPTY = '{\n  "version": 1,\n  "projects": {}\n}\n';

/**
 * Put one more project into `config/projects.json`. What stands there, comments too, stays as it is.
 * @throws InvalidInputError for a name that is taken, and for a file that does not read
 */
export function writeEntry(file: string, name: string, entry: object): void {
  const { names, findings } = readProjects(file);
  const broken = findings.find(({ project }) => project === '');
  if (broken) throw new InvalidInputError(file, [{ field: broken.field, message: broken.problem }], broken.fix);
  refuseName(file, name, names);
  const read = readTextFile(file);
  const text = read.kind === 'read' && read.text.trim() !== '' ? read.text : EMPTY;
  const changed = applyEdits(text, modify(text, ['projects', name], entry, LAYOUT));
  mkdirSync(dirname(file), { recursive: true });
  const target = linkTarget(file);
  writeFileSync(`${target}.new`, changed, { mode: 0o600 });
  renameSync(`${target}.new`, target);
}

function refuseName(file: string, name: string, names: readonly string[]): void {
  const refuse = (message: string, fix: string) => {
    throw new InvalidInputError(file, [{ field: `projects.${name}`, message }], fix);
  };
  if (names.includes(name)) refuse('is a project there already', 'Edit it by hand, or give the new one another name with --name');
  const named = ProjectName.safeParse(name);
  if (!named.success) refuse(named.error.issues[0]?.message ?? 'is not a name', 'Give another one with --name');
}
