import { BrokenReport, type CaseResult, Cases, type Tested, type TestReport } from './report.ts';

interface Point {
  readonly passed: boolean;
  readonly name: string;
  readonly directive: string;
  /** The points below it, which stand before it. */
  readonly children: readonly Point[];
  suite: boolean;
}

interface Level {
  readonly points: Point[];
  plan?: number;
}

const POINT = /^(not )?ok\b(?: (\d+))?(?: - ?)?(.*)$/;
const OWN_COUNT = /^# (tests|suites|pass|fail|cancelled|skipped|todo) (\d+)$/;
const INDENT = 4;

/** TAP 13 and 14, as node:test and others write it: each level's plan must fit its points, and node's counts all of them. */
export function readTap(text: string, tested: Tested): TestReport {
  const { root, own } = pointsOf(text.split(/\r?\n/));
  const cases = new Cases(tested);
  const count = { tests: 0, suites: 0, failed: 0 };
  for (const point of root) collect(point, [], cases, count);
  if (own.size > 0) compare(own, count);
  return cases.report();
}

function compare(own: ReadonlyMap<string, number>, count: { tests: number; suites: number; failed: number }): void {
  const said = (own.get('tests') ?? -1) + (own.get('suites') ?? 0);
  const found = count.tests + count.suites;
  if (said !== found) throw new BrokenReport(`it counts ${said} tests and groups and names ${found}`);
  const failed = (own.get('fail') ?? 0) + (own.get('cancelled') ?? 0);
  if (failed > 0 && count.failed === 0) throw new BrokenReport(`it counts ${failed} failed tests and names none`);
}

function collect(
  point: Point,
  groups: readonly string[],
  cases: Cases,
  count: { tests: number; suites: number; failed: number },
) {
  if (point.suite) count.suites++;
  else count.tests++;
  for (const child of point.children) collect(child, [...groups, point.name], cases, count);
  const result = resultOf(point);
  if (result === 'failed') count.failed++;
  if (!point.suite || result === 'failed') cases.add(groups, point.name, result);
}

function resultOf({ passed, directive }: Point): CaseResult {
  if (/^(?:skip|todo)/i.test(directive)) return 'skipped';
  return passed ? 'passed' : 'failed';
}

/** The points of all levels as a tree, and the counts that node writes at the end. */
function pointsOf(lines: readonly string[]): { root: readonly Point[]; own: ReadonlyMap<string, number> } {
  const levels: Level[] = [{ points: [] }];
  const own = new Map<string, number>();
  let yaml: string | undefined;
  for (const line of lines) {
    if (yaml !== undefined) {
      if (line === `${yaml}...`) yaml = undefined;
      else noteSuite(line, yaml, levels);
      continue;
    }
    const said = OWN_COUNT.exec(line);
    if (said?.[1] !== undefined) {
      if (own.has(said[1])) throw new BrokenReport(`it counts its ${said[1]} twice`);
      own.set(said[1], Number(said[2]));
      continue;
    }
    if (/^\s*---$/.test(line)) yaml = line.slice(0, -3);
    else readLine(line, levels, own.size > 0);
  }
  if (yaml !== undefined) throw new BrokenReport('it ends in the middle of a diagnosis');
  if (levels.length > 1) throw new BrokenReport('it ends in the middle of a group');
  const root = levels[0] ?? { points: [] };
  if (root.points.length === 0 && root.plan === undefined) throw new BrokenReport('it is not TAP: it has neither plan nor tests');
  checkPlan(root);
  return { root: root.points, own };
}

function readLine(line: string, levels: Level[], ended: boolean): void {
  const depth = Math.floor((/^ */.exec(line)?.[0].length ?? 0) / INDENT);
  const text = line.slice(depth * INDENT);
  const plan = /^1\.\.(\d+)\b/.exec(text);
  const point = plan ? null : POINT.exec(text);
  if (/^Bail out!/.test(text)) throw new BrokenReport(`the run was given up: ${text}`);
  if (!plan && !point) return;
  if (ended) throw new BrokenReport('a test stands after the counts');
  while (levels.length <= depth) levels.push({ points: [] });
  const children = closeBelow(levels, depth);
  const level = levels[depth];
  if (!level) return;
  if (plan) {
    if (level.plan !== undefined) throw new BrokenReport('a plan is given twice');
    if (children.length > 0) throw new BrokenReport('a group has tests and no result');
    level.plan = Number(plan[1]);
  } else if (point) {
    level.points.push(aPoint(point, children));
  }
}

/** The level below ends where the point of its group stands. */
function closeBelow(levels: Level[], depth: number): readonly Point[] {
  if (levels.length === depth + 1) return [];
  if (levels.length > depth + 2) throw new BrokenReport('a group ends inside another');
  const below = levels.pop();
  if (!below) return [];
  checkPlan(below);
  return below.points;
}

function checkPlan({ plan, points }: Level): void {
  if (plan === undefined) throw new BrokenReport('a plan is missing: it was cut, or something ended the run');
  if (plan !== points.length) throw new BrokenReport(`${plan} tests were planned and ${points.length} are named`);
}

function aPoint([, not, , rest = '']: RegExpExecArray, children: readonly Point[]): Point {
  const cut = /(?<!\\)#\s*((?:skip|todo)\b.*)$/i.exec(rest);
  const name = (cut ? rest.slice(0, cut.index) : rest).trim().replace(/\\([#\\])/g, '$1');
  return { passed: not === undefined, name, directive: cut?.[1] ?? '', children, suite: false };
}

/** node:test says in a point's diagnosis that it is a group. */
function noteSuite(line: string, indent: string, levels: readonly Level[]): void {
  const last = levels.at(-1)?.points.at(-1);
  if (last && line === `${indent}type: 'suite'`) last.suite = true;
}
