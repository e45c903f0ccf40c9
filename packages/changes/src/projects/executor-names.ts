import { join } from 'node:path';
import { readJsonFile } from '@vivarium/core';

/** Who can do the hands-on work: `built-in`, then every profile of `config/executors.json` in these folders. */
export function executorNames(folders: readonly string[]): string[] {
  const profiles = folders.flatMap((folder) => {
    const read = readJsonFile(join(folder, 'config', 'executors.json'));
    if (read.kind !== 'read' || typeof read.value !== 'object' || read.value === null || !('executors' in read.value)) return [];
    return Object.keys(Object(read.value.executors));
  });
  return [...new Set(['built-in', ...profiles])];
}
