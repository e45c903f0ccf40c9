import { isPerson, type SocietyStore } from '@vivarium/core';
import { InvalidArgumentError } from 'commander';
import { CommandRefusal } from './output.ts';
import { inBareWorld } from './world.ts';

/** Show something of the society. */
export const inSociety = <T>(work: (society: SocietyStore) => Promise<T>): Promise<T> =>
  inBareWorld(async (world) => work(await world.society()));

export function nothing(code: string, message: string, fix: string): CommandRefusal {
  return new CommandRefusal('nothing', code, message, fix);
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
  isPerson(id) ? 'you' : (society.world.identities.get(id)?.name ?? id);
