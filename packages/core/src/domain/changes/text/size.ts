import type { ProjectLimits } from '../../../contract/projects-file.ts';
import type { ChangedFile } from '../entries.ts';

/** Every limit of the project that a change goes over, as sentences. */
export function sizeProblems(files: readonly ChangedFile[], limits: ProjectLimits): readonly string[] {
  const lines = files.reduce((sum, { added, removed }) => sum + added + removed, 0);
  const large = files.filter(({ after }) => (after?.bytes ?? 0) > limits.file_kb * 1_024);
  return [
    ...(files.length > limits.files_changed ? [`${files.length} files are changed, ${limits.files_changed} may be`] : []),
    ...(lines > limits.lines_changed ? [`${lines} lines are changed, ${limits.lines_changed} may be`] : []),
    ...large.map(({ path, after }) => `${path} has ${after?.bytes} bytes, a file may have ${limits.file_kb} KB`),
  ];
}
