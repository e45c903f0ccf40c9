import type { RunNames } from './inventory.ts';

/** The two tests that the runtime planted, by a part of their names that nobody could know. */
export interface Planted {
  readonly passes: string;
  readonly fails: string;
}

/** Why a run with planted tests does not show that its runner tells the truth; undefined when it does. */
export function deadBecause({ cases, exit_code }: RunNames, { passes, fails }: Planted): string | undefined {
  const resultOf = (part: string) => [...cases].filter(([name]) => name.includes(part)).map(([, result]) => result);
  const [good, bad] = [resultOf(passes), resultOf(fails)];
  if (good.length + bad.length === 0) return 'neither of two planted tests is in its report';
  if (!bad.includes('failed')) return 'a planted test that must fail is not reported as failed';
  if (good.length !== 1 || good[0] !== 'passed') return 'a planted test that must pass is not reported as passed, once';
  if (exit_code === 0) return 'a planted test failed, and yet the run ended with 0';
  return undefined;
}

/** A run's names without the planted ones. */
export const withoutPlanted = (cases: RunNames['cases'], { passes, fails }: Planted): RunNames['cases'] =>
  new Map([...cases].filter(([name]) => !name.includes(passes) && !name.includes(fails)));
