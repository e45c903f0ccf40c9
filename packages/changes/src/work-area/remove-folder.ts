import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Takes a folder away with all that is in it, never through a link, and whatever rights a program left on its folders. */
export function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    if (!existsSync(folder)) return;
    makeWritable(folder);
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      throw error;
    }
  }
}

function makeWritable(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) makeWritable(join(folder, entry.name));
  }
}
