import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Config, codeOf, type OnFinding, rememberSecret, StorageError, type WorkspacePaths } from '@vivarium/core';
import { moveAside } from '../documents/move-aside.ts';

const FILE = 'internal_execution_token.txt';
const FITS = /^[\x21-\x7e]{32,512}$/;
const TRIES = 20;

/**
 * The secret that worker and panel show to the API: from the environment, else from
 * `.swarm/security/internal_execution_token.txt`. Processes that start together agree: the file is complete when it
 * appears, and the first one wins. A file that holds no usable token is moved aside and replaced.
 * @throws StorageError when the folder cannot be written
 */
export function internalToken(paths: WorkspacePaths, config: Pick<Config, 'internalToken'>, onFinding?: OnFinding): string {
  const token = config.internalToken ?? fromFile(paths.security, onFinding);
  rememberSecret(token);
  return token;
}

function fromFile(folder: string, onFinding?: OnFinding): string {
  const file = join(folder, FILE);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const found = readToken(file, onFinding);
      if (found !== undefined) return found;
      createToken(folder, file);
    }
  } catch (cause) {
    const fix = `Make ${folder} writable for the user who runs Vivarium, or set VIVARIUM_INTERNAL_EXECUTION_TOKEN`;
    throw new StorageError(`The internal token cannot be kept in ${folder}`, { cause, fix });
  }
  throw new StorageError(`${file} keeps changing while it is read`, { fix: 'Start one process first, then the others' });
}

function readToken(file: string, onFinding?: OnFinding): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { ino, mode } = fstatSync(descriptor);
    const token = readFileSync(descriptor, 'utf8').trim();
    if (FITS.test(token)) {
      if ((mode & 0o077) !== 0) chmodSync(file, 0o600);
      return token;
    }
    const moved = moveAside(file, ino);
    if (moved) onFinding?.({ file, moved_to: moved, reason: 'it holds no token of at least 32 printable characters' });
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/** A complete file under a private name, then a link: nobody ever reads half a token. */
function createToken(folder: string, file: string): void {
  const draft = join(folder, `.${FILE}.${process.pid}.${randomBytes(6).toString('hex')}`);
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    writeSync(descriptor, randomBytes(32).toString('hex'));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  try {
    linkSync(draft, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
}
