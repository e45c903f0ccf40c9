import type { Suite } from '../../../contract/projects-file.ts';
import { readReport } from './read.ts';
import type { TestReport } from './report.ts';

const SIGNS: readonly (readonly [Exclude<Suite['report'], 'none'>, RegExp])[] = [
  ['junit', /<testsuites?[\s>]/],
  ['vitest-json', /^\{.*"numTotalTests"/m],
  ['go-json', /^\{.*"Action":"(?:start|run|pass|fail)"/m],
  ['tap', /^TAP version 1[34]\s*$|^1\.\.\d+\s*$/m],
  ['cargo', /^running \d+ tests?\s*$/m],
];
/** A runner names the file where nothing in it was a test. */
const FILE = /^(?:\/|\.{1,2}\/)?(?:[^\s/]+\/)+[^\s/]+\.[cm]?[jt]sx?$|^[^\s/]+\.(?:test|spec)\.[cm]?[jt]sx?$/;

/** The machine report that somewhere stands in a command's output; undefined when there is none that agrees with itself. */
export function reportIn(output: string): TestReport | undefined {
  for (const [format, sign] of SIGNS) {
    if (!sign.test(output)) continue;
    const report = readReport(format, output, { root: '', isFile: (path) => FILE.test(path) });
    if (report.state !== 'broken') return report;
  }
  return undefined;
}
