import { decideAsPerson, hearVerdicts, type PersonCommand, type TaskRecord } from '@vivarium/core';
import { PERSON, type World } from '../world/world.ts';

/** A person's decision on one task, with all that follows it, whether a worker runs or not. @throws what `decideAsPerson` throws */
export function decideHere(world: World, id: string, command: PersonCommand): Promise<TaskRecord> {
  return withConsequences(world, () => decideAsPerson(world, id, command, PERSON));
}

/** Do what may end tasks, and follow up what it ended before it is answered. */
export async function withConsequences<T>(world: World, work: () => Promise<T>): Promise<T> {
  const { config, store, society, log } = world;
  const verdicts = hearVerdicts(store, [PERSON]);
  try {
    return await work();
  } finally {
    verdicts.stop();
    if (verdicts.size > 0) {
      await verdicts.followUp({ config, store, society, warn: (details, message) => log.error(details, message) });
      world.acts.notify();
    }
  }
}
