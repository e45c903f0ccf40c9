import { createHmac, randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileExists } from '@vivarium/core';

const KEY_BYTES = 32;
const NONCE_DIGITS = 16;

/**
 * 16 hex digits that only this store can make: whoever wrote a tree cannot name what will be planted in it, and the same
 * question about the same tree finds the answer that it got. No sandbox shows the key.
 */
export function nonceOf(folder: string, about: readonly string[]): string {
  return createHmac('sha256', keyOf(folder)).update(JSON.stringify(about)).digest('hex').slice(0, NONCE_DIGITS);
}

/** Of several that make it at once one counts. */
function keyOf(folder: string): Buffer {
  const file = join(folder, 'planted.key');
  if (!fileExists(file)) {
    const beside = `${file}.${randomBytes(8).toString('hex')}`;
    writeFileSync(beside, randomBytes(KEY_BYTES), { mode: 0o600 });
    try {
      linkSync(beside, file);
    } catch (error) {
      if (!fileExists(file)) throw error;
    } finally {
      rmSync(beside, { force: true });
    }
  }
  return readFileSync(file);
}
