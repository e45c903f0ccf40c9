import { z } from 'zod';
import { fieldProblemsOf } from '../../../errors/index.ts';
import { BrokenReport, type CaseResult, Cases, type Tested, type TestReport } from './report.ts';

const Count = z.int().min(0);
const Report = z.object({
  numTotalTests: Count,
  numPassedTests: Count,
  numFailedTests: Count,
  numPendingTests: Count,
  numTodoTests: Count,
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ ancestorTitles: z.array(z.string()), title: z.string(), status: z.string() })),
    }),
  ),
});
type Report = z.infer<typeof Report>;

/** JSON of vitest and of jest: the file is part of a name, and its counts must fit. */
export function readVitestJson(text: string, tested: Tested): TestReport {
  const report = parse(text);
  const cases = new Cases(tested);
  const count: Record<CaseResult, number> = { passed: 0, failed: 0, skipped: 0 };
  let wholeFiles = 0;
  for (const file of report.testResults) {
    const path = cases.inTree(file.name);
    for (const { ancestorTitles, title, status } of file.assertionResults) {
      const result = resultOf(status);
      count[result]++;
      cases.add([path, ...ancestorTitles], title, result);
    }
    const told = file.assertionResults.some(({ status }) => status === 'failed');
    if (file.status !== 'failed' || told) continue;
    wholeFiles++;
    cases.addFile(path, 'failed');
  }
  compare(report, cases.count, count, wholeFiles);
  return cases.report();
}

function compare(report: Report, named: number, count: Record<CaseResult, number>, wholeFiles: number): void {
  if (report.numTotalTests !== named) throw new BrokenReport(`it counts ${report.numTotalTests} tests and names ${named}`);
  for (const [what, said, found] of [
    ['passed', report.numPassedTests, count.passed],
    ['failed', report.numFailedTests, count.failed],
    ['skipped', report.numPendingTests + report.numTodoTests, count.skipped],
  ] as const)
    if (said !== found) throw new BrokenReport(`it counts ${said} ${what} tests and names ${found}`);
  if (report.success && (count.failed > 0 || wholeFiles > 0)) throw new BrokenReport('it claims success and names failures');
}

/** Lines that a setup printed may stand before the report; nothing may stand after it. */
function parse(text: string): Report {
  const start = /^\{/m.exec(text)?.index ?? 0;
  let value: unknown;
  try {
    value = JSON.parse(text.slice(start));
  } catch {
    throw new BrokenReport('it is not one JSON object');
  }
  const read = Report.safeParse(value);
  if (!read.success) throw new BrokenReport(`it lacks ${fieldProblemsOf(read.error, { at: 'everything' })[0]?.field}`);
  return read.data;
}

function resultOf(status: string): CaseResult {
  if (status === 'passed' || status === 'failed') return status;
  if (['skipped', 'pending', 'todo', 'disabled'].includes(status)) return 'skipped';
  throw new BrokenReport(`a test is ${status}, which is not a result`);
}
