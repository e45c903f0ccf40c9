import { resolve } from 'node:path';
import { type ChangeRecord, InvalidInputError, projectNamed, type World } from '@vivarium/core';

/** What a change does, as a unified diff. Git and all that is needed for it is loaded when somebody asks. */
export async function patchText({ projects, paths }: World, change: ChangeRecord): Promise<string> {
  const project = await projectNamed(projects, change.project);
  return (await import('@vivarium/changes')).patchOf(paths, project, change);
}

/** Write it as a file for `git apply`; gives its path. @throws InvalidInputError when the file is there already */
export async function writePatch({ projects, paths }: World, change: ChangeRecord, to: string | undefined): Promise<string> {
  const project = await projectNamed(projects, change.project);
  const { exportChange } = await import('@vivarium/changes');
  try {
    return await exportChange(paths, project, change, to === undefined ? undefined : resolve(to));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    throw new InvalidInputError(
      'Nothing was written',
      [{ field: '--to', message: `${to} is there already` }],
      'Name another file',
    );
  }
}
