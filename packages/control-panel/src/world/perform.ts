import { asOwnerInPanel, type InputOf, type OperationName, type OutputOf, perform as performIn } from '@vivarium/core';
import type { World } from './world.ts';

/** Let the person do something through the panel; then every page that waits is told. @throws what core's `perform` throws */
export async function perform<N extends OperationName>(world: World, name: N, input: InputOf<N>): Promise<OutputOf<N>> {
  const answer = await performIn(world.whole, name, input, asOwnerInPanel);
  world.acts.notify();
  return answer;
}
