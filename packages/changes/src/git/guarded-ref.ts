import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type GitPlace, gitCommand } from './run-git.ts';

const LIMIT_MS = 30_000;

/**
 * Move a branch from one commit to another while git holds its lock, and only if `mayGoOn` still says so then. Whoever takes
 * this over first says so in the log, and then waits for the lock to be gone: so of two that believe it is theirs only one
 * moves the branch. False when the branch shows something else, is locked, or it may not go on.
 */
export async function moveGuardedRef(
  place: GitPlace,
  { ref, from, to }: { readonly ref: string; readonly from: string; readonly to: string },
  mayGoOn: () => Promise<boolean>,
  onStart: (pid: number) => void,
): Promise<boolean> {
  const { file, args, options } = gitCommand(place, ['update-ref', '--no-deref', '--stdin', '-z']);
  const child = spawn(file, args, { ...options, stdio: ['pipe', 'pipe', 'ignore'] });
  if (child.pid !== undefined) onStart(child.pid);
  const ended = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  child.stdin.on('error', () => undefined);
  let moved = false;
  try {
    child.stdin.write(`start\0update ${ref}\0${to}\0${from}\0prepare\0`);
    for await (const line of createInterface({ input: child.stdout })) {
      if (line === 'prepare: ok') child.stdin.end((await mayGoOn()) ? 'commit\0' : 'abort\0');
      moved ||= line === 'commit: ok';
    }
    return (await ended) && moved;
  } finally {
    clearTimeout(timer);
    if (child.exitCode === null) child.kill('SIGKILL');
  }
}
