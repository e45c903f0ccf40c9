import { type Config, fileExists, workspacePaths } from '@vivarium/core';
import { projectsOf } from '../open/projects.ts';
import type { Finding } from './finding.ts';

/** Can the projects of this world be changed by residents, as things are? Nothing is said where there is none. */
export async function checkProjects({ workspace, installation }: Config): Promise<readonly Finding[]> {
  const paths = workspacePaths(workspace);
  const file = paths.projectsFile;
  if (!fileExists(file)) return [];
  const projects = projectsOf(paths, installation);
  const found = await projects.check();
  const check = 'projects';
  if (found.length === 0)
    return [{ level: 'ok', check, message: `${(await projects.list()).length} projects can be changed by residents`, file }];
  return found.map(({ project, field, problem, fix }) => {
    const where = project === '' || field.startsWith('projects.') ? field : `${project}: ${field}`;
    return { level: 'warning', check, message: `${where}: ${problem}`, file, fix };
  });
}
