/** Something that is wrong with one of several tasks. */
export interface PlacedFault {
  readonly index: number;
  readonly field: string;
  readonly message: string;
}

/** The faults that tasks have after a change and did not have before: what was wrong already is no fault of the change. */
export function newFaults<F extends PlacedFault>(after: readonly F[], before: readonly PlacedFault[]): F[] {
  const same = (one: PlacedFault, other: PlacedFault) =>
    one.index === other.index && one.field === other.field && one.message === other.message;
  return after.filter((one) => !before.some((other) => same(one, other)));
}
