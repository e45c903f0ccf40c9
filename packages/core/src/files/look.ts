import { accessSync, constants, existsSync, statSync } from 'node:fs';

/** What tells one version of a file from another: inode, size, time of change. Empty when there is no file. */
export function stampOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.ino}-${stat.size}-${stat.mtimeNs}` : '';
}

/** True when something lies under that name, whatever it is. */
export const fileExists = (file: string): boolean => existsSync(file);

/** Whether this process may write in a folder. @throws the system's error when it may not, or there is none */
export const mustBeWritable = (folder: string): void => accessSync(folder, constants.W_OK);
