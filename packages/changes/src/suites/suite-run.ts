import type { CaseResult, TestReport } from '@vivarium/core/domain/changes/reports';
import type { CageEnd } from '@vivarium/sandbox';

/** One run of a suite on a fresh checkout of a tree, by what the runtime saw of it. */
export interface SuiteRun {
  readonly suite: string;
  readonly tree: string;
  readonly exit_code: number;
  /** Names and results; empty unless `report` is `ok`. */
  readonly cases: ReadonlyMap<string, CaseResult>;
  /** `none`: the suite has no report, only its exit. */
  readonly report: TestReport['state'] | 'none';
  readonly detail: string;
  /** The end of what it printed. */
  readonly output: string;
  readonly over_limit?: CageEnd['over_limit'];
  readonly timed_out: boolean;
  /** It was stopped from outside, or could not be run: it says nothing of the tree. */
  readonly interrupted?: string;
  readonly duration_ms: number;
  /** Connections that were tried and led nowhere. */
  readonly refused_connects?: number;
}

export interface SuiteAsk {
  readonly tree: string;
  readonly suite: string;
  /** Only these test files, for suites that can run single ones. */
  readonly only?: readonly string[];
  /** Files put over the checkout. */
  readonly overlay?: ReadonlyMap<string, Buffer>;
  /** Let the clock say so much later. */
  readonly days_later?: number;
}
