import { spawn } from 'node:child_process';
import { GitError } from './error.ts';

const LIMIT_MS = 30_000;
/** The whole of what git and its own helpers see of the machine. `file` is the only protocol, no object is fetched on demand. */
const ENVIRONMENT = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LC_ALL: 'C.UTF-8',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'file',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_LITERAL_PATHSPECS: '1',
};
/** Overrides what a repository's own configuration says. `:` is the shell's command that does nothing. */
const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.alternateRefsCommand=:',
  'core.attributesFile=/dev/null',
  'core.protectHFS=true',
  'core.protectNTFS=true',
  'core.quotePath=false',
  'core.autocrlf=false',
  'core.safecrlf=false',
  'core.warnAmbiguousRefs=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'merge.renames=false',
  'merge.directoryRenames=false',
  'diff.renames=false',
].flatMap((setting) => ['-c', setting]);

/** A repository as git sees it: its folder, and for commands that ask for one an empty folder as work tree. */
export interface GitPlace {
  readonly gitDir: string;
  /** Always an empty folder of ours: git never gets to see files beside a repository. */
  readonly emptyFolder: string;
}

export interface GitOptions {
  readonly input?: string | Buffer;
  /** On top of what every git gets; undefined takes one away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly limit_ms?: number;
  /** Exit codes that are an answer; 0 always is. */
  readonly answers?: readonly number[];
  /** Told before git does anything, so that its locks can be known as those of a dead git of ours. */
  readonly onStart?: (pid: number) => void;
}

export interface GitAnswer {
  readonly code: number;
  readonly output: Buffer;
}

/**
 * Runs one git command with a fixed argument list in a session of its own.
 * @throws GitError with what git said, when it ends with another code than `answers` allows or takes too long
 */
export async function runGit(place: GitPlace, args: readonly string[], options: GitOptions = {}): Promise<GitAnswer> {
  const chunks: Buffer[] = [];
  const code = await streamGit(place, args, options, (chunk) => chunks.push(chunk));
  return { code, output: Buffer.concat(chunks) };
}

/** A git as every one of ours is started: nothing of the machine's settings, an empty folder to look at, a session of its own. */
export const gitCommand = (place: GitPlace, args: readonly string[], environment: GitOptions['environment'] = {}) => ({
  file: 'git',
  args: [...SETTINGS, ...args],
  options: {
    cwd: place.emptyFolder,
    env: { ...ENVIRONMENT, GIT_DIR: place.gitDir, GIT_WORK_TREE: place.emptyFolder, ...environment },
    detached: true,
  },
});

/** As `runGit`, with the output handed on piece by piece. What `onOutput` throws ends git and is thrown. */
export function streamGit(
  place: GitPlace,
  args: readonly string[],
  options: GitOptions,
  onOutput: (chunk: Buffer) => void,
): Promise<number> {
  const command = gitCommand(place, args, options.environment);
  const child = spawn(command.file, command.args, { ...command.options, stdio: ['pipe', 'pipe', 'pipe'] });
  if (child.pid !== undefined) options.onStart?.(child.pid);
  return new Promise((resolve, reject) => {
    let said = '';
    let failure: unknown;
    const stop = (why: unknown) => {
      failure ??= why;
      killSession(child.pid);
    };
    const limit = options.limit_ms ?? LIMIT_MS;
    const timer = setTimeout(() => stop(new GitError(`git ${args[0]} took longer than ${limit / 1000} s`, TOO_LONG)), limit);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(new GitError(`git could not be started: ${error.message}`, { fix: 'Install git 2.38 or newer', cause: error }));
    });
    child.stdout.on('data', (chunk: Buffer) => {
      try {
        if (failure === undefined) onOutput(chunk);
      } catch (error) {
        stop(error);
      }
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(0, 4_000);
    });
    // A git that ends early closes its input; its exit code says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (failure !== undefined) return reject(failure);
      if (code === 0 || (code !== null && options.answers?.includes(code))) return resolve(code);
      reject(refusal(place, args, code === null ? `was killed by ${signal}` : `ended with ${code}`, said));
    });
  });
}

const TOO_LONG = { fix: 'Look at the disk and the size of the repository, then try again' };

function refusal(place: GitPlace, args: readonly string[], ending: string, said: string): GitError {
  const fix = /dubious ownership/.test(said)
    ? 'Run Vivarium as the user that owns the repository'
    : `Look at the repository with: git --git-dir=${place.gitDir} fsck`;
  const data = { killed: ending.startsWith('was killed') };
  return new GitError(`git ${args[0]} ${ending} in ${place.gitDir}: ${said.trim() || 'it said nothing'}`, { fix, data });
}

function killSession(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
