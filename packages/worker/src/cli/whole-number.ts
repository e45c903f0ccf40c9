import { InvalidArgumentError } from 'commander';

/** A count from the command line. @throws InvalidArgumentError */
export function count(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('give a whole number from 1 on');
  return Number(text);
}
