import { asOwner } from '../../../contract/actor.ts';
import type { Hat } from './hats.ts';

const HOUSE_RULES = [
  'A hat never changes who you are.',
  'It adds a way of working to yours.',
  'Where the two disagree, you win.',
] as const;

export interface HatOverlay {
  /** Lines of the call's system prompt. */
  readonly own: readonly string[];
  /** The words of a hat that another resident made: they inform and stand between fences. */
  readonly fenced: readonly string[];
}

/** A worn hat's text over a call: house rules first, then its name and way of working. Nothing without a hat. */
export function hatOverlay(hat: Hat | undefined, wearer: string): HatOverlay {
  if (!hat) return { own: [], fenced: [] };
  const { name, description, prompt, made_by } = hat;
  const head = [...HOUSE_RULES, `You wear: ${name}.`];
  const words = [description, prompt];
  const trusted = made_by === undefined || made_by === asOwner.id || made_by === wearer;
  return trusted ? { own: [...head, ...words], fenced: [] } : { own: head, fenced: words };
}
