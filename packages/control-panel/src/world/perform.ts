import { asOwnerInPanel, type InputOf, type OperationName, type OutputOf, perform as performIn } from '@vivarium/core';
import { withQueueFile } from '@vivarium/world';
import type { World } from './world.ts';

/** Let the person do something through the panel; then every page that waits is told. @throws what core's `perform` throws */
export async function perform<N extends OperationName>(world: World, name: N, input: InputOf<N>): Promise<OutputOf<N>> {
  const before = world.store.position;
  const answer = await performIn(world.whole, name, input, asOwnerInPanel);
  if (world.store.position !== before) await showInQueueFile(world);
  world.acts.notify();
  return answer;
}

/** Where no worker does it. What was done is done; a file that cannot be written is behind, and says so in the log. */
async function showInQueueFile({ whole, log }: World): Promise<void> {
  if (whole.workers.liveWorkers().length > 0) return;
  const warn = (details: object, message: string) => log.error(details, message);
  await withQueueFile(whole, warn, () => undefined).catch((err: unknown) =>
    warn({ err }, 'queue.json is behind; a worker or a command brings it up to date'),
  );
}
