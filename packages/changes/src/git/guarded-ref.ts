import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { GitError } from './error.ts';
import { type GitPlace, gitCommand } from './run-git.ts';

const LIMIT_MS = 30_000;

/**
 * Move a branch from one commit to another while git holds its lock, and only if `mayGoOn` still says so then. Whoever takes
 * this over first says so in the log, and then waits for the lock to be gone: so of two that believe it is theirs only one
 * moves the branch. False when the branch shows something else, is locked, or it may not go on.
 * @throws GitError when git was killed; the branch itself tells whether it moved
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
  const ended = new Promise<number | 'killed'>((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (code) => resolve(code ?? 'killed'));
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
    const end = await ended;
    if (end === 'killed') throw new GitError(`git update-ref was killed in ${place.gitDir}`, { data: { killed: true } });
    return end === 0 && moved;
  } finally {
    clearTimeout(timer);
    if (child.exitCode === null) child.kill('SIGKILL');
  }
}
