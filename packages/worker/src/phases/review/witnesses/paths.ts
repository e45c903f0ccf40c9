import { posix } from 'node:path';
import { declaredPaths, pathsWitness } from '@vivarium/core';
import { type Source, saw } from './kit.ts';

/** Whether a task that declares its paths wrote nothing else. A task that declares none may write where anybody may. */
export const paths: Source = async ({ run }) => {
  const declared = declaredPaths(run.task).map((path) => posix.normalize(path));
  const wrote = run.record.outcome?.wrote ?? [];
  if (declared.length === 0 || wrote.length === 0) return saw();
  return saw(
    pathsWitness(
      declared,
      wrote.map((path) => posix.normalize(path)),
    ),
  );
};
