import type { Witness } from '@vivarium/core';
import type { TaskRun } from '../../../pipeline/phase.ts';
import type { Runtime } from '../../../pipeline/runtime.ts';

export type WitnessDeps = Pick<Runtime, 'artifacts' | 'askApi' | 'fingerprints' | 'paths' | 'skills' | 'stopReason' | 'store'>;

/** What witnesses look at: the result of one attempt. */
export interface Case {
  readonly run: TaskRun;
  readonly deps: WitnessDeps;
  readonly output: string;
  /** The declared file, when the task names one: who writes it may say so. */
  readonly file: Witness | undefined;
}

export type Observation =
  | { readonly kind: 'seen'; readonly witnesses: readonly Witness[] }
  /** It cannot be seen at the moment: HALT, shutdown, an API that is away. The review goes on later. */
  | { readonly kind: 'interrupted'; readonly reason: string }
  /** It cannot be seen before a person mends something. */
  | { readonly kind: 'unable'; readonly reason: string; readonly witnesses: readonly Witness[] };

/** One kind of observation. It sees nothing where the task gives it nothing to look at. */
export type Source = (about: Case) => Promise<Observation>;

export const saw = (...witnesses: readonly (Witness | undefined)[]): Observation => ({
  kind: 'seen',
  witnesses: witnesses.filter((witness) => witness !== undefined),
});
