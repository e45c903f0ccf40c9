import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  type Stats,
} from 'node:fs';
import { codeOf } from '@vivarium/core';
import { pathText } from '../git/index.ts';

/** What was found at one path: a file with its bytes, a link with its target, or why it is neither. */
export type Found =
  | { readonly path: string; readonly kind: 'file'; readonly executable: boolean; readonly bytes: Buffer }
  | { readonly path: string; readonly kind: 'link'; readonly target: Buffer }
  | { readonly path: string; readonly kind: 'problem'; readonly problem: string };

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const FILE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** Larger files are not read. */
const MOST_BYTES = 1024 * 1024 * 1024;
const TURN_MS = 20;

/**
 * Everything below a folder that is no folder, in no order that matters. Each folder is held open and its names are looked
 * up in it, so a folder that is swapped for a link meanwhile leads nowhere else. `skip` ends the way down: it is given
 * every path first, and answers with what to say of it.
 */
export async function walk(
  root: string,
  onFound: (found: Found) => void,
  skip: (path: string, folder: boolean) => string | undefined,
): Promise<void> {
  let turn = Date.now();
  const down = async (folder: number, prefix: string): Promise<void> => {
    for (const raw of readdirSync(`/proc/self/fd/${folder}`, { encoding: 'buffer' })) {
      const path = prefix + pathText(raw);
      const inside = Buffer.concat([Buffer.from(`/proc/self/fd/${folder}/`), raw]);
      const stat = lstatSync(inside, { throwIfNoEntry: false });
      if (stat === undefined) continue;
      const reason = skip(path, stat.isDirectory());
      if (reason !== undefined) onFound({ path, kind: 'problem', problem: reason });
      else if (stat.isDirectory()) await opened(inside, path, FOLDER, onFound, (fd) => down(fd, `${path}/`));
      else if (stat.isSymbolicLink()) onFound({ path, kind: 'link', target: readlinkSync(inside, { encoding: 'buffer' }) });
      else await regular(inside, path, stat, onFound);
      if (Date.now() - turn < TURN_MS) continue;
      await new Promise((resolve) => setImmediate(resolve));
      turn = Date.now();
    }
  };
  const folder = openSync(root, FOLDER);
  try {
    await down(folder, '');
  } finally {
    closeSync(folder);
  }
}

/** Only what looks like a file is opened, and what was opened is looked at again. */
async function regular(place: Buffer, path: string, stat: Stats, onFound: (found: Found) => void): Promise<void> {
  const problem = kindProblem(stat);
  if (problem !== undefined) onFound({ path, kind: 'problem', problem });
  else await opened(place, path, FILE, onFound, async (descriptor) => onFound(fileAt(descriptor, path)));
}

async function opened(
  place: Buffer,
  path: string,
  flags: number,
  onFound: (found: Found) => void,
  use: (descriptor: number) => Promise<void>,
): Promise<void> {
  let descriptor: number;
  try {
    descriptor = openSync(place, flags);
  } catch (error) {
    onFound({ path, kind: 'problem', problem: `cannot be read (${codeOf(error)})` });
    return;
  }
  try {
    await use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function fileAt(descriptor: number, path: string): Found {
  const stat = fstatSync(descriptor);
  const problem = kindProblem(stat);
  if (problem !== undefined) return { path, kind: 'problem', problem };
  return { path, kind: 'file', executable: (stat.mode & 0o100) !== 0, bytes: readFileSync(descriptor) };
}

function kindProblem(stat: Stats): string | undefined {
  if (stat.isFIFO()) return 'is a named pipe';
  if (stat.isSocket()) return 'is a socket';
  if (!stat.isFile()) return 'is a device';
  if (stat.nlink > 1) return 'is a hard link: the file has another name elsewhere';
  return stat.size > MOST_BYTES ? 'is larger than 1 GB' : undefined;
}
