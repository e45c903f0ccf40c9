import { asOwner, asRuntime } from '../../../contract/actor.ts';
import type { WorldOf } from '../kit/index.ts';

const VOICES: Readonly<Record<string, string>> = { [asOwner.id]: 'the person', [asRuntime.id]: 'Vivarium' };

/** How somebody is called in texts; an id that nobody here has stays as it is. */
export function nameOf({ identities }: Pick<WorldOf<unknown>, 'identities'>, id: string): string {
  return identities.get(id)?.name ?? VOICES[id] ?? id;
}
