import { type FieldProblem, InvalidInputError } from '@vivarium/core';
import { RequestRefused } from '../http/refused.ts';
import type { World } from '../world.ts';

type Refused = Extract<Awaited<ReturnType<World['society']['act']>>, { ok: false }>;

/** Reasons that say who is asked for is not there, or not allowed, or that the words are at fault. The rest is a conflict. */
const STATUS: Readonly<Record<string, number>> = {
  banned_name: 400,
  invalid_name: 400,
  missing_identity: 400,
  self_message: 400,
  unknown_action: 400,
  not_permitted: 403,
  not_yours: 403,
  private_room: 403,
  rate_limited: 429,
  busy: 503,
};

/**
 * Let the person act in the society. Resolves to what the act came to.
 * @throws RequestRefused, InvalidInputError when the society says no; nothing was changed then
 */
export async function perform(world: World, action: string, args: object): Promise<Readonly<Record<string, unknown>>> {
  const answer = await world.society.act('human', action, args);
  if (!answer.ok) throw refusal(answer);
  world.pulse.beat();
  return answer;
}

/** The society's no, as an answer of the panel. */
export function refusal({ reason, fix }: Pick<Refused, 'reason' | 'fix'>): Error {
  if (reason === 'invalid_arguments') return new InvalidInputError('This was not done', problemsIn(fix));
  const status = STATUS[reason] ?? (reason.endsWith('_not_found') ? 404 : 409);
  return new RequestRefused(status, `VIV_${reason.toUpperCase()}`, fix);
}

/** The society names each field before its message. */
function problemsIn(text: string): FieldProblem[] {
  return text.split('; ').map((part) => {
    const cut = part.indexOf(': ');
    return cut > 0 ? { field: part.slice(0, cut), message: part.slice(cut + 2) } : { field: 'body', message: part };
  });
}
