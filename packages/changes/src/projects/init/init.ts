import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidInputError, type WorkspacePaths } from '@vivarium/core';
import { readProjects } from '../file.ts';
import { placeOf } from '../place.ts';
import { type FirstEntry, firstEntry } from './entry.ts';
import { writeEntry } from './write.ts';

export interface InitOptions {
  readonly paths: Pick<WorkspacePaths, 'swarm' | 'projectsFile'>;
  readonly name?: string | undefined;
}

/**
 * Write a first entry for the repository at `path` from what it holds. Nothing of it is run, and nothing in it is written.
 * @throws InvalidInputError when there is no repository that could be a project, or it stands in the file already
 */
export function initProject(path: string, { paths, name }: InitOptions): FirstEntry {
  const whole = plain(resolve(path));
  const place = placeOf({ path: whole, into: 'ref' }, paths.swarm);
  if (place.kind === 'refused') {
    const problems = place.faults.map(({ field, problem }) => ({ field, message: problem }));
    throw new InvalidInputError('Nothing was written', problems, place.faults[0]?.fix);
  }
  const first = firstEntry(whole);
  const known = [...readProjects(paths.projectsFile).projects.values()].find(({ settings }) => settings.path === whole);
  if (known) {
    const problems = [{ field: 'path', message: `${whole} is the project ${known.name} already` }];
    throw new InvalidInputError('Nothing was written', problems, `See: pnpm worker project show ${known.name}`);
  }
  const named = { ...first, name: name ?? first.name };
  writeEntry(paths.projectsFile, named.name, named.entry);
  return named;
}

/** The way to a folder without links on it; the path itself when there is nothing. */
function plain(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
