import { readFileSync, readlinkSync, watch } from 'node:fs';
import { basename } from 'node:path';
import { refusalBehind } from '@vivarium/core';

/** Something about this machine under which Vivarium works less well than it could. */
export interface Hindrance {
  readonly about: 'open files' | 'watching' | 'process 1';
  readonly message: string;
  readonly fix: string;
}

/** With fewer, a busy process cannot have its logs, its connections and its commands' pipes open at once. */
const FEW_FILES = 512;

/** What of this machine stands in the way, looked at from inside this process. `folder` is one that is watched. */
export function hindrances(folder: string): readonly Hindrance[] {
  return [fewFiles(), unwatched(folder), childless()].filter((each) => each !== undefined);
}

function fewFiles(): Hindrance | undefined {
  // Node raises its soft limit to the hard one by itself.
  const limit = Number(/^Max open files\s+\S+\s+(\d+)/m.exec(textOf('/proc/self/limits'))?.[1] ?? Number.NaN);
  if (!(limit < FEW_FILES)) return undefined;
  const message = `a process may open only ${limit} files here; with several tasks at once that is too few`;
  return { about: 'open files', message, fix: 'Raise the limit before the start, e.g. ulimit -n 4096' };
}

/** The kernel gives only so many watches; without one, changes are seen by looking every two seconds. */
function unwatched(folder: string): Hindrance | undefined {
  try {
    watch(folder, { persistent: false })
      .on('error', () => undefined)
      .close();
    return undefined;
  } catch (error) {
    const code = refusalBehind(error)?.code;
    if (code !== 'ENOSPC' && code !== 'EMFILE') return undefined;
    const limit = code === 'ENOSPC' ? 'max_user_watches' : 'max_user_instances';
    const message = `the kernel gives no more watches of files (fs.inotify.${limit}), so changes are noticed up to 2 s late`;
    return { about: 'watching', message, fix: `Raise it: sysctl fs.inotify.${limit}=${code === 'ENOSPC' ? 524_288 : 1024}` };
  }
}

/** As the first process of a container, Node does not collect processes whose parents have ended. */
function childless(): Hindrance | undefined {
  const name = nameOfFirst();
  if (!/^(node|npm)\b/.test(name)) return undefined;
  const message = `process 1 is ${name}, which does not collect processes whose parent has gone; each stays as a zombie`;
  return {
    about: 'process 1',
    message,
    fix: 'Start the container with an init: docker run --init, or init: true in compose.yaml',
  };
}

function nameOfFirst(): string {
  try {
    return basename(readlinkSync('/proc/1/exe'));
  } catch {
    return basename(textOf('/proc/1/cmdline').split(/[\0 ]/)[0] ?? '');
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
