import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fieldProblemsOf, InvalidInputError, linkTarget, ProjectName, readTextFile } from '@vivarium/core';
import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import { COMMENTS_ALLOWED, readProjects } from '../file.ts';

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
  const changed = withProject(text, name, entry);
  mkdirSync(dirname(file), { recursive: true });
  const target = linkTarget(file);
  writeFileSync(`${target}.new`, changed, { mode: 0o600 });
  renameSync(`${target}.new`, target);
}

function refuseName(file: string, name: string, names: readonly string[]): void {
  const field = `projects.${name}`;
  const taken = [{ field, message: 'is a project there already' }];
  if (names.includes(name))
    throw new InvalidInputError(file, taken, 'Edit it by hand, or give the new one another name with --name');
  const named = ProjectName.safeParse(name);
  if (!named.success)
    throw new InvalidInputError(file, fieldProblemsOf(named.error, { at: field }), 'Give another one with --name');
}

/** The text with one more project at the end of the others; not a byte of it is laid out anew. */
function withProject(text: string, name: string, entry: object): string {
  const root = parseTree(text, [], COMMENTS_ALLOWED);
  const projects = root && findNodeAtLocation(root, ['projects']);
  if (projects) return withProperty(text, projects, name, entry, 4);
  return root ? withProperty(text, root, 'projects', { [name]: entry }, 2) : text;
}

function withProperty(text: string, node: Node, name: string, value: object, indent: number): string {
  const blanks = ' '.repeat(indent);
  const lines = `${JSON.stringify(name)}: ${JSON.stringify(value, null, 2)}`.replaceAll('\n', `\n${blanks}`);
  const last = node.children?.at(-1);
  const at = last ? last.offset + last.length : node.offset + 1;
  const [before, after] = last ? [`,\n${blanks}`, ''] : [`\n${blanks}`, `\n${' '.repeat(indent - 2)}`];
  return `${text.slice(0, at)}${before}${lines}${after}${text.slice(at)}`;
}
