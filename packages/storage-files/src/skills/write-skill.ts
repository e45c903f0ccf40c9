import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { InvalidInputError, type NewSkill, type SkillFile, StorageError, TaskConflictError } from '@vivarium/core';
import { stringify } from 'yaml';
import { readSkill } from './read-skill.ts';

const MAX_FILES = 200;
const MAX_BYTES = 2 * 1024 * 1024;

/** Refuse a folder that is no skill. @throws InvalidInputError with file, line and fix of every problem */
export function checkedSkill(folder: string): SkillFile {
  const read = readSkill(folder);
  if (read.kind === 'skill') return read.skill;
  throw new InvalidInputError(
    `${folder} is not a skill`,
    read.findings.map(({ file, field, line, reason }) => ({
      field: field ?? file,
      message: reason,
      ...(line === undefined ? {} : { line }),
    })),
    read.findings[0]?.fix,
  );
}

/**
 * Copy a checked folder into the library, complete or not at all.
 * @throws InvalidInputError when it is no skill, TaskConflictError when its name is taken
 */
export function copySkill(given: string, library: string): SkillFile {
  const skill = checkedSkill(given);
  const folder = realpathSync(given);
  sizeChecked(folder);
  return place(skill.manifest.name, library, (temporary) =>
    cpSync(folder, temporary, { recursive: true, dereference: false, filter: (path) => !lstatSync(path).isSymbolicLink() }),
  );
}

/** Write a new skill into the library, complete or not at all. @throws as `copySkill` */
export function writeSkill(skill: NewSkill, library: string): SkillFile {
  return place(skill.manifest.name, library, (temporary) => {
    writeFileSync(
      join(temporary, 'SKILL.md'),
      `---\n${stringify(skill.manifest)}---\n\n${skill.body ?? skill.manifest.description}\n`,
    );
    for (const [name, content] of Object.entries(skill.files ?? {})) {
      if (!/^[\w-][\w.-]{0,100}$/.test(name))
        throw new InvalidInputError('The skill cannot be written', [{ field: name, message: 'give a plain file name' }]);
      writeFileSync(join(temporary, name), content);
    }
  });
}

/** Fill a hidden folder beside its place, check it there, and move it in with one rename. */
function place(name: string, library: string, fill: (temporary: string) => void): SkillFile {
  const folder = join(library, name);
  if (existsSync(folder)) throw taken(name, folder);
  mkdirSync(library, { recursive: true });
  const temporary = mkdtempSync(join(library, '.new-'));
  try {
    fill(temporary);
    checkedSkill(temporary);
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (error instanceof InvalidInputError) throw error;
    if (existsSync(folder)) throw taken(name, folder);
    throw new StorageError(`The skill ${name} could not be written to ${library}`, {
      cause: error,
      fix: 'Look at the disk and its permissions',
    });
  }
  return checkedSkill(folder);
}

const taken = (name: string, folder: string): TaskConflictError =>
  new TaskConflictError(`There is a skill ${name} already, in ${folder}`, {
    fix: 'Give the new one another name, or remove the old one',
    data: { name },
  });

function sizeChecked(folder: string): void {
  let files = 0;
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    files++;
    bytes += lstatSync(join(entry.parentPath, entry.name)).size;
  }
  if (files > MAX_FILES || bytes > MAX_BYTES) {
    throw new InvalidInputError(`${folder} is too large for a skill`, [
      { field: 'folder', message: `${files} files, ${bytes} bytes; at most ${MAX_FILES} and ${MAX_BYTES}` },
    ]);
  }
}
