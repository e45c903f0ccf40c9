import { readFileSync } from 'node:fs';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInputError } from '@vivarium/core';
import type { KeyState } from '../protocol/running.ts';

const MIN_CHARS = 16;
const MAX_CHARS = 256;

/** The Groq key as a person sets it: it can be written and removed, and is never read back to anybody. */
export interface GroqKey {
  state(): KeyState;
  save(key: string): Promise<KeyState>;
  remove(): Promise<KeyState>;
}

/** `fromEnvironment` is the key the environment gives; it wins over the file, so the page can say so. */
export function groqKey(securityFolder: string, fromEnvironment: string | undefined): GroqKey {
  const file = join(securityFolder, 'groq_api_key.txt');
  const state = (): KeyState => {
    const stored = readKey(file);
    const key = fromEnvironment !== undefined && fromEnvironment !== stored ? fromEnvironment : stored;
    if (key === undefined) return { success: true, configured: false, source: null, masked_key: null };
    return { success: true, configured: true, source: key === stored ? 'security_file' : 'env', masked_key: mask(key) };
  };
  return {
    state,
    async save(given) {
      const key = given.trim();
      checkKey(key);
      await mkdir(securityFolder, { recursive: true, mode: 0o700 });
      await chmod(securityFolder, 0o700);
      const draft = `${file}.${process.pid}.draft`;
      await writeFile(draft, `${key}\n`, { mode: 0o600 });
      await chmod(draft, 0o600);
      await rename(draft, file);
      return state();
    },
    async remove() {
      await rm(file, { force: true });
      return state();
    },
  };
}

function mask(key: string): string {
  return key.length <= 8 ? '****' : `${key.slice(0, 4)}...${key.slice(-4)}`;
}

function checkKey(key: string): void {
  const refuse = (message: string) => new InvalidInputError('The key was not saved', [{ field: 'api_key', message }]);
  if (key === '') throw refuse('api_key is required');
  if (key.length < MIN_CHARS) throw refuse('api_key is too short');
  if (key.length > MAX_CHARS) throw refuse('api_key is too long');
  if (!/^[\x21-\x7e]+$/.test(key)) throw refuse('api_key has blanks or characters that no key has');
}

function readKey(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
