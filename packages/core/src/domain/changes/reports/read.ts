import type { Suite } from '../../../contract/projects-file.ts';
import { readCargo } from './cargo.ts';
import { readGoJson } from './go-json.ts';
import { readJunit } from './junit.ts';
import { BrokenReport, type Tested, type TestReport } from './report.ts';
import { readTap } from './tap.ts';
import { readVitestJson } from './vitest-json.ts';

const READERS: Readonly<Record<Exclude<Suite['report'], 'none'>, (text: string, tested: Tested) => TestReport>> = {
  junit: readJunit,
  'vitest-json': readVitestJson,
  'go-json': readGoJson,
  tap: readTap,
  cargo: readCargo,
};

/** Names and results from a runner's machine report. Whatever is doubtful in it makes it `broken`. */
export function readReport(format: keyof typeof READERS, text: string, tested: Tested): TestReport {
  if (text.trim() === '') return { state: 'missing', cases: new Map(), detail: 'there is no report' };
  try {
    return READERS[format](text, tested);
  } catch (error) {
    if (!(error instanceof BrokenReport)) throw error;
    return { state: 'broken', cases: new Map(), detail: `the report cannot be trusted: ${error.message}` };
  }
}
