import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a suite's report folder may hold. */
export const REPORT_BYTES = 8 * 1_024 * 1_024;
const OUT = /\{out\}((?:\/[^\s/]+)*)/;

/** Where a suite writes its report, below the report folder; undefined: on standard output. */
export function reportPath(argv: readonly string[]): string | undefined {
  return argv
    .map((word) => OUT.exec(word)?.[1])
    .find((path) => path !== undefined)
    ?.slice(1);
}

/**
 * The report that a program left below a folder of ours, '' for none. It is read after the program's end, through no link
 * that the program may have put in the way, and only when it is a plain file of a fair size.
 */
export function readReportFile(folder: string, path: string): string {
  let at = folder;
  try {
    for (const part of path.split('/')) {
      if (!lstatSync(at).isDirectory() || part === '..') return '';
      at = join(at, part);
    }
    if (!lstatSync(at).isFile()) return '';
    const descriptor = openSync(at, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return fstatSync(descriptor).size > REPORT_BYTES ? '' : readFileSync(descriptor, 'utf8');
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}
