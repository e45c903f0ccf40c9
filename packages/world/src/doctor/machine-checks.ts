import { existsSync } from 'node:fs';
import type { WorkspacePaths } from '@vivarium/core';
import { hindrances } from '@vivarium/storage-files';
import type { Finding } from './finding.ts';

/** Limits of this machine or container that Vivarium would feel. */
export function checkMachine(paths: WorkspacePaths): readonly Finding[] {
  const found = existsSync(paths.root) ? hindrances(paths.root) : [];
  const check = 'machine';
  if (found.length === 0) return [{ level: 'ok', check, message: 'open files, watches and process 1 are as they should be' }];
  return found.map(({ message, fix }) => ({ level: 'warning', check, message, fix }));
}
