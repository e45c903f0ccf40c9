import { readlinkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The kernel follows no more either. */
const MOST_LINKS = 40;

/**
 * Where a file's content lies or would lie: links are followed, also one whose target is yet to be made. Whoever replaces
 * the file replaces this one, so that a link stays a link.
 */
export function linkTarget(file: string): string {
  let target = file;
  for (let links = 0; links < MOST_LINKS; links += 1) {
    try {
      target = resolve(dirname(target), readlinkSync(target));
    } catch {
      return target;
    }
  }
  return file;
}
