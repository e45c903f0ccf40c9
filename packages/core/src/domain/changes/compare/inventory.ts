import type { CaseResult } from '../reports/report.ts';

export type Results = ReadonlyMap<string, CaseResult>;

/** One run as the comparisons see it. */
export interface RunNames {
  readonly cases: Results;
  readonly exit_code: number;
}

/** What the base's tests say: names, results, and which of them are not to be relied on. */
export interface Inventory extends RunNames {
  /** Differed between two runs of the same tree. */
  readonly flaky: ReadonlySet<string>;
}

/** Two runs of the base: a name that differs between them is flaky. */
export function inventoryOf(first: RunNames, second: RunNames): Inventory {
  return { ...first, flaky: new Set(differences(first.cases, second.cases)) };
}

/** Names whose results differ, those that one side lacks included. */
export function differences(a: Results, b: Results): readonly string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name)).sort();
}

export const namesOf = (results: Results, result: CaseResult): readonly string[] =>
  [...results].filter(([, each]) => each === result).map(([name]) => name);
