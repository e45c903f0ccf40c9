import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd } from './at-end.ts';

/** A file system in memory of so many megabytes; undefined where this user may mount nothing. */
export function smallDisk(megabytes: number): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'viv-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]).status === 0;
  atEnd(() => {
    if (mounted) spawnSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  return mounted ? folder : undefined;
}

/** Give it another size, in bytes. One that is smaller than what it holds is refused: false. */
export const resizeDisk = (folder: string, bytes: number): boolean =>
  spawnSync('mount', ['-o', `remount,size=${bytes}`, folder]).status === 0;
