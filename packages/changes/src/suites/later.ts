import { fileExists } from '@vivarium/core';

const FOLDERS = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'];
/** The one for programs with threads comes first: most have some. */
const LIBRARIES = ['faketime/libfaketimeMT.so.1', 'faketime/libfaketime.so.1'];

const libfaketime = (): string | undefined =>
  FOLDERS.flatMap((folder) => LIBRARIES.map((file) => `${folder}/${file}`)).find(fileExists);

/** Whether programs here can be shown another day. */
export const canShiftClock = (): boolean => libfaketime() !== undefined;

/** Variables under which a program finds the day so much later, while waiting takes as long as ever. */
export function clockLater(days: number): Readonly<Record<string, string>> {
  const library = libfaketime();
  if (library === undefined) return {};
  return { LD_PRELOAD: library, FAKETIME: `+${days}d`, FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' };
}
