import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import type { Entry } from './place.ts';
import type { Limits } from './policy.ts';

const BWRAP = ['/usr/bin/bwrap', '/bin/bwrap'];
const PRLIMIT = ['/usr/bin/prlimit', '/bin/prlimit'];
/** Folders a program needs to start; on most systems links into `/usr`. */
const SYSTEM_FOLDERS = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
/** An unprivileged user that owns nothing. */
const NOBODY = '65534';
export const SANDBOX_PATH = '/usr/bin:/bin';

/** The tools that this machine has. */
export interface Tools {
  readonly bwrap?: string;
  readonly prlimit?: string;
}

export const findTools = (): Tools => {
  const bwrap = firstFile(BWRAP);
  const prlimit = firstFile(PRLIMIT);
  return { ...(bwrap ? { bwrap } : {}), ...(prlimit ? { prlimit } : {}) };
};

/** The first of some fixed paths that is a file. */
export function firstFile(paths: readonly string[]): string | undefined {
  return paths.find((path) => {
    try {
      return lstatSync(realpathSync(path)).isFile();
    } catch {
      return false;
    }
  });
}

export interface Cage {
  readonly tools: Tools;
  readonly workspace: string;
  readonly limits: Limits;
  readonly cpuSeconds: number;
  /** Paths from the workspace that are to be empty; folders and files. */
  readonly masked: readonly { readonly path: string; readonly folder: boolean }[];
  /** All of the workspace that is to be seen; the whole when absent. */
  readonly entries?: readonly Entry[] | undefined;
  /** More files or folders to show, read-only, each under its own path. */
  readonly shown?: readonly string[];
}

/** Program and arguments as they are spawned: in a cage when there is one, with limits in any case that they can be had. */
export function cagedArgv(cage: Cage, argv: readonly string[]): readonly string[] {
  const limited = [...limitArgs(cage), ...argv];
  return cage.tools.bwrap === undefined ? limited : [cage.tools.bwrap, ...bwrapArgs(cage), '--', ...FIRST, ...limited];
}

/**
 * The first process of a cage: it waits for the program and for whatever that leaves behind. bwrap's own would outlive bwrap,
 * and as its orphan stay a zombie where nobody collects them. What the shell itself has to say of the end is nobody's business.
 */
const FIRST = ['/bin/sh', '-c', 'exec 3>&2 2>/dev/null; "$@" 2>&3 3>&-; exit $?', 'sh'];

/**
 * No network, no other process, no capability, no home, nothing writable but a small scratch folder in memory, and the
 * workspace read-only without `.swarm` and what is masked.
 */
function bwrapArgs({ workspace, limits, masked, shown, entries }: Cage): string[] {
  const scratch = ['--size', String(limits.scratch_bytes), '--tmpfs'];
  return [
    ...systemArgs(),
    ...['--proc', '/proc', '--dev', '/dev', ...scratch, '/tmp'],
    ...(shown ?? []).flatMap((path) => ['--ro-bind', path, path]),
    ...(entries ? entryArgs(workspace, entries) : ['--ro-bind', workspace, workspace]),
    ...masked.flatMap(({ path, folder }) => mask(join(workspace, path), folder)),
    ...['--chdir', workspace, '--unshare-all', '--as-pid-1', '--new-session', '--die-with-parent', '--cap-drop', 'ALL'],
    ...['--clearenv', '--setenv', 'PATH', SANDBOX_PATH, '--setenv', 'LANG', 'C.UTF-8', '--setenv', 'LC_ALL', 'C.UTF-8'],
    ...['--setenv', 'HOME', '/tmp', '--uid', NOBODY, '--gid', NOBODY],
  ];
}

/**
 * Only these entries of the workspace. What is left out cannot come into view, even while it is replaced; what is gone by now
 * is no matter. A link stays a link, so that it leads nowhere but inside.
 */
function entryArgs(workspace: string, entries: readonly Entry[]): string[] {
  const binds = entries.flatMap(({ name, link }) => {
    const path = join(workspace, name);
    return link === undefined ? ['--ro-bind-try', path, path] : ['--symlink', link, path];
  });
  return ['--tmpfs', workspace, ...binds, '--remount-ro', workspace];
}

const mask = (path: string, folder: boolean): string[] =>
  folder ? ['--tmpfs', path, '--remount-ro', path] : ['--ro-bind', '/dev/null', path];

let systemArgsOnce: readonly string[] | undefined;

function systemArgs(): readonly string[] {
  systemArgsOnce ??= ['--ro-bind', '/usr', '/usr', ...SYSTEM_FOLDERS.flatMap(systemFolder)];
  return systemArgsOnce;
}

function systemFolder(path: string): string[] {
  try {
    return lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
  } catch {
    return [];
  }
}

function limitArgs({ tools, limits, cpuSeconds }: Cage): string[] {
  if (tools.prlimit === undefined) return [];
  return [
    tools.prlimit,
    `--data=${limits.memory_bytes}`,
    `--fsize=${limits.file_bytes}`,
    `--nofile=${limits.open_files}`,
    `--cpu=${cpuSeconds}`,
    '--core=0',
    ...(tools.bwrap !== undefined && countsProcessesPerSandbox ? [`--nproc=${limits.processes}`] : []),
    '--',
  ];
}

/** Before Linux 5.14 the limit counts every process of the person, so it would stop harmless commands. */
const countsProcessesPerSandbox = ((): boolean => {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return major > 5 || (major === 5 && minor >= 14);
})();
