import type { Hold, Witness } from '@vivarium/core';

/** What a look at a result came to. */
export type Observation =
  | { readonly kind: 'seen'; readonly witnesses: readonly Witness[] }
  /** It cannot be seen at the moment: HALT, shutdown, an API that is away. The review goes on later. */
  | { readonly kind: 'interrupted'; readonly reason: string }
  /** It cannot be seen before a person mends something. */
  | {
      readonly kind: 'unable';
      readonly reason: string;
      readonly witnesses: readonly Witness[];
      /** What the task waits for, where it is not a verdict. */
      readonly hold?: Hold;
    };
