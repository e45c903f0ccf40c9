import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** How long a change may go unseen when the kernel's notice is lost. */
const POLL_MS = 2000;

/**
 * Call back soon after any file of the log changed: by a watch on its folder (a watch on a file misses replacements) and by
 * a slow poll as the net. Calls are merged per turn of the event loop. Neither keeps the process alive.
 */
export function followFolder(file: string, onChange: () => void): () => void {
  const stem = basename(file).replace(/\.[^.]+$/, '');
  let due = false;
  let stopped = false;
  const wake = () => {
    if (due || stopped) return;
    due = true;
    setImmediate(() => {
      due = false;
      if (!stopped) onChange();
    });
  };
  const timer = setInterval(wake, POLL_MS);
  timer.unref();
  const watcher = startWatch(dirname(file), (name) => {
    if (name === null || (name.startsWith(stem) && !name.includes('.snapshot'))) wake();
  });
  return () => {
    stopped = true;
    clearInterval(timer);
    watcher?.close();
  };
}

/** Without a watch (descriptor limit, odd file system) the poll alone still finds every change. */
function startWatch(folder: string, onName: (name: string | null) => void) {
  try {
    const watcher = watch(folder, { persistent: false }, (_event, name) => onName(name));
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
