import type { Witness } from '@vivarium/core';
import type { Observation } from '../../../pipeline/observation.ts';
import type { TaskRun } from '../../../pipeline/phase.ts';
import type { Runtime } from '../../../pipeline/runtime.ts';

export type WitnessDeps = Pick<
  Runtime,
  'artifacts' | 'askApi' | 'changes' | 'fingerprints' | 'paths' | 'skills' | 'stopReason' | 'store'
>;

/** What witnesses look at: the result of one attempt. */
export interface Case {
  readonly run: TaskRun;
  readonly deps: WitnessDeps;
  readonly output: string;
  /** The declared file, when the task names one: who writes it may say so. */
  readonly file: Witness | undefined;
}

/** One kind of observation. It sees nothing where the task gives it nothing to look at. */
export type Source = (about: Case) => Promise<Observation>;

export const saw = (...witnesses: readonly (Witness | undefined)[]): Observation => ({
  kind: 'seen',
  witnesses: witnesses.filter((witness) => witness !== undefined),
});
