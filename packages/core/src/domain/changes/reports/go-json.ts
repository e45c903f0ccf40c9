import { z } from 'zod';
import { BrokenReport, type CaseResult, Cases, type Tested, type TestReport } from './report.ts';

const Line = z.object({ Action: z.string(), Package: z.string().optional(), Test: z.string().optional() });
const RESULTS: Readonly<Record<string, CaseResult>> = { pass: 'passed', fail: 'failed', skip: 'skipped' };

interface GoPackage {
  readonly running: Set<string>;
  readonly ended: Map<string, CaseResult>;
  result?: CaseResult;
}

/** Lines of `go test -json`: every test that runs must end, once, and before its package does. */
export function readGoJson(text: string, tested: Tested): TestReport {
  const packages = new Map<string, GoPackage>();
  for (const line of text.split('\n')) if (line.startsWith('{')) follow(parse(line), packages);
  if (packages.size === 0) throw new BrokenReport('it holds no line of `go test -json`');
  const cases = new Cases(tested);
  for (const [name, { running, ended, result }] of packages) {
    if (result === undefined) throw new BrokenReport(`${name} never ended`);
    const [open] = running;
    if (open !== undefined && result !== 'failed') throw new BrokenReport(`${name}: ${open} never ended`);
    for (const test of running) ended.set(test, 'failed');
    for (const [test, how] of ended) cases.add([name], test, how);
    if (![...ended.values()].includes('failed')) cases.addFile(name, result);
    else if (result !== 'failed') throw new BrokenReport(`${name} passed, and a test of it failed`);
  }
  return cases.report();
}

function follow({ Action, Package, Test }: z.infer<typeof Line>, packages: Map<string, GoPackage>): void {
  if (Package === undefined || Action.startsWith('build-')) return;
  const into: GoPackage = packages.get(Package) ?? { running: new Set(), ended: new Map() };
  packages.set(Package, into);
  const result = RESULTS[Action];
  if (Test === undefined) {
    if (result === undefined) return;
    if (into.result !== undefined) throw new BrokenReport(`${Package} ended twice`);
    into.result = result;
    return;
  }
  if (into.result !== undefined) throw new BrokenReport(`${Test} stands after the end of ${Package}`);
  if (Action === 'run') {
    if (into.running.has(Test) || into.ended.has(Test)) throw new BrokenReport(`${Test} began twice`);
    into.running.add(Test);
  } else if (result !== undefined) {
    if (!into.running.delete(Test)) throw new BrokenReport(`${Test} ended without having begun`);
    into.ended.set(Test, result);
  }
}

function parse(line: string): z.infer<typeof Line> {
  try {
    return Line.parse(JSON.parse(line));
  } catch {
    throw new BrokenReport(`a line is not an event of \`go test -json\`: ${line.slice(0, 80)}`);
  }
}
