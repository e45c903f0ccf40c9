import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** When a file was changed last, in milliseconds; one that is not there changed just now. */
export const modified = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;

/** The latest change below a folder; a removed or renamed file shows in its folder's time. Libraries do not count. */
export function newest(folder) {
  let latest = modified(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : modified(path));
  }
  return latest;
}
