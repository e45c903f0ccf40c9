import { TaskId } from '../../contract/ids.ts';
import { type FieldProblem, InvalidInputError } from '../../errors/index.ts';
import type { NewArtifact } from '../../ports/artifacts.ts';

const ARTIFACT_ID = /^[\w.-]+\/\d+\/[\w.-]+$/;
const NAME = /^(?!\.{1,2}$)[\w.-]{1,128}$/;

/** Whether a text can be the id `<task_id>/<attempt>/<name>` of an artifact. */
export const isArtifactId = (text: string): boolean => ARTIFACT_ID.test(text) && !text.split('/').includes('..');

/** @throws InvalidInputError when what it is to be called leads elsewhere; `blobs` is where contents lie. */
export function checkArtifact({ task_id, attempt, name }: Pick<NewArtifact, 'task_id' | 'attempt' | 'name'>): void {
  const problems: FieldProblem[] = [];
  if (!TaskId.safeParse(task_id).success || task_id === 'blobs') problems.push({ field: 'task_id', message: 'is not a task id' });
  if (!Number.isSafeInteger(attempt) || attempt < 0) problems.push({ field: 'attempt', message: 'is not an attempt number' });
  if (!NAME.test(name)) problems.push({ field: 'name', message: 'use letters, digits, dots, dashes or underscores' });
  if (problems.length > 0) throw new InvalidInputError('An artifact cannot be stored', problems);
}
