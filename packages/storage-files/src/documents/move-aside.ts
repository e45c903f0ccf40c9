import { linkSync, renameSync, statSync, unlinkSync } from 'node:fs';

/** The suffix of a file that was moved aside; what follows is the time in milliseconds. */
export const CORRUPT_MARK = '.corrupt-';

/**
 * Rename a bad file to `<name>.corrupt-<time>`, and only that file: when it was replaced since it was read (another
 * inode), the newer one stays or is put back. Returns the new name, or undefined when there was nothing to move.
 */
export function moveAside(path: string, inode: number, now: number = Date.now()): string | undefined {
  const target = `${path}${CORRUPT_MARK}${now}`;
  try {
    if (statSync(path).ino !== inode) return undefined;
    renameSync(path, target);
  } catch {
    return undefined;
  }
  if (statSync(target).ino === inode) return target;
  try {
    linkSync(target, path);
  } catch {
    // A still newer file stands there already; the moved one is kept under its new name.
    return target;
  }
  unlinkSync(target);
  return undefined;
}
