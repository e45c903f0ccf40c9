import {
  type ActArgs,
  type ActName,
  asOwner,
  type FieldProblem,
  InvalidInputError,
  REFUSALS,
  type Refused,
  refusalCode,
} from '@vivarium/core';
import { RequestRefused } from '../http/refused.ts';
import type { World } from './world.ts';

/**
 * Let the person act in the society. Resolves to what the act came to.
 * @throws RequestRefused, InvalidInputError when the society says no; nothing was changed then
 */
export async function perform<N extends ActName>(
  world: World,
  action: N,
  args: ActArgs<N>,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await world.society.act(asOwner, action, args);
  if (!answer.ok) throw refusal(answer);
  world.acts.notify();
  return answer;
}

/** The society's no, as an answer of the panel. */
export function refusal({ reason, fix }: Pick<Refused, 'reason' | 'fix'>): Error {
  if (reason === 'invalid_arguments') return new InvalidInputError('This was not done', problemsIn(fix));
  return new RequestRefused(REFUSALS[reason].status, refusalCode(reason), fix);
}

/** The society names each field before its message. */
function problemsIn(text: string): FieldProblem[] {
  return text.split('; ').map((part) => {
    const cut = part.indexOf(': ');
    return cut > 0 ? { field: part.slice(0, cut), message: part.slice(cut + 2) } : { field: 'body', message: part };
  });
}
