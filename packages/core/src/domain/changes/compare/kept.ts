import { type Inventory, namesOf, type RunNames } from './inventory.ts';

/** How a run compares with the base's. */
export interface KeptTests {
  /** Passed on the base and does not here, with what became of it. */
  readonly lost: readonly { readonly name: string; readonly is: 'failed' | 'skipped' | 'missing' }[];
  /** Fails here and did not on the base. */
  readonly broken: readonly string[];
  /** Failed on the base and still does: nobody's fault here. */
  readonly old: readonly string[];
  /** Failed on the base and passes here. */
  readonly mended: readonly string[];
  /** Lost names that the change said it would remove. */
  readonly removed: readonly string[];
  /** It ended as no run ends in which the names are what the report says. */
  readonly contradiction?: string;
}

/** Compare a run with the base. What was flaky there counts neither way; what was to be removed may be gone, and not fail. */
export function keptTests(base: Inventory, run: RunNames, removed: ReadonlySet<string>): KeptTests {
  const known = (name: string) => base.flaky.has(name);
  const gone = namesOf(base.cases, 'passed').filter((name) => !known(name) && run.cases.get(name) !== 'passed');
  const lost = gone.filter((name) => !(removed.has(name) && run.cases.get(name) !== 'failed'));
  const failed = namesOf(run.cases, 'failed').filter((name) => !known(name));
  const wasRed = (name: string) => base.cases.get(name) === 'failed';
  const contradiction = base.exit_code === run.exit_code && contradictionOf(base) ? undefined : contradictionOf(run);
  return {
    lost: lost.map((name) => ({ name, is: isNow(run, name) })),
    broken: failed.filter((name) => !wasRed(name) && !lost.includes(name)),
    old: failed.filter(wasRed),
    mended: namesOf(run.cases, 'passed').filter((name) => !known(name) && wasRed(name)),
    removed: gone.filter((name) => !lost.includes(name)),
    ...(contradiction === undefined ? {} : { contradiction }),
  };
}

/** Nothing of the base was lost, and nothing new fails. */
export const allKept = ({ lost, broken, contradiction }: KeptTests): boolean =>
  lost.length === 0 && broken.length === 0 && contradiction === undefined;

function isNow({ cases }: RunNames, name: string): 'failed' | 'skipped' | 'missing' {
  const result = cases.get(name);
  return result === 'failed' || result === 'skipped' ? result : 'missing';
}

/** A run in which a test failed has to end red, and one in which none failed green; else something else decided. */
function contradictionOf({ cases, exit_code }: RunNames): string | undefined {
  const failed = namesOf(cases, 'failed').length;
  if (failed === 0 && exit_code !== 0) return `no test failed by name, and yet it ended with ${exit_code}`;
  if (failed > 0 && exit_code === 0) return `${failed} tests failed, and yet it ended with 0`;
  return undefined;
}
