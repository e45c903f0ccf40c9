import { openSync, readdirSync, readFileSync } from 'node:fs';

const O_CLOEXEC = 0o2000000;
const FIRST = 3;

/**
 * Descriptors, in order, that this program was started with and would hand on to every program it starts: Node closes its own, not those.
 * A sandbox would hold a door to whatever they lead to.
 */
export function strayDescriptors(): readonly number[] {
  straysOnce ??= readdirSync('/proc/self/fd')
    .map(Number)
    .sort((a, b) => a - b)
    .filter((fd) => fd >= FIRST && isHandedOn(fd));
  return straysOnce;
}

let straysOnce: readonly number[] | undefined;

function isHandedOn(fd: number): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & O_CLOEXEC) === 0;
  } catch {
    return false;
  }
}

/** What to give in place of a stray descriptor. */
export const nothing = (): number => (nothingOnce ??= openSync('/dev/null', 'r'));

let nothingOnce: number | undefined;
