import { type ActArgs, type ActName, asOwner, REFUSALS, refusalCode, type SocietyStore } from '@vivarium/core';
import { InvalidArgumentError } from 'commander';
import { EXIT } from './exit.ts';
import { CommandRefusal } from './output.ts';
import { inBareWorld } from './world.ts';

/** Run a command on the society of the world and close it again; what it changed is in the files then. */
export function inSociety<T>(work: (society: SocietyStore) => Promise<T>): Promise<T> {
  return inBareWorld(async ({ society }) => work(await society()));
}

/** Let the person act. @throws CommandRefusal with the society's own words when it says no */
export async function personDoes<N extends ActName>(
  society: SocietyStore,
  action: N,
  args: ActArgs<N>,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await society.act(asOwner, action, args);
  if (answer.ok) return answer;
  throw new CommandRefusal(EXIT[REFUSALS[answer.reason].exit], refusalCode(answer.reason), answer.fix);
}

export function nothing(code: string, message: string, fix: string): CommandRefusal {
  return new CommandRefusal(EXIT.nothing, code, message, fix);
}

export function residentIn(society: SocietyStore, id: string) {
  const profile = society.profile(id);
  if (profile) return profile;
  throw nothing('VIV_RESIDENT_NOT_FOUND', `No resident has the id ${id}`, 'List them: pnpm worker resident list');
}

/** Whole positive tokens. */
export function tokens(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('give a whole number of tokens, from 1 to 1,000,000');
  return Number(text);
}

/** Whole tokens, none among them. */
export const tokensOrNone = (text: string): number => (text === '0' ? 0 : tokens(text));

/** How long bids are taken. */
export function hours(text: string): number {
  const number = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || number <= 0 || number > 720)
    throw new InvalidArgumentError('give hours, more than 0 and at most 720');
  return number;
}

/** Words with commas between them. */
export function wordList(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

export const nameIn = (society: SocietyStore, id: string): string =>
  id === 'human' ? 'you' : (society.world.identities.get(id)?.name ?? id);
