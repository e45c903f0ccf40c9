import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { seccompFilter } from './seccomp.ts';

/** Folders a program needs to start; on most systems links into `/usr`. */
const SYSTEM_FOLDERS = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
/** Who is root outside may read these, whatever it may do inside: the machine's memory, keys and inner lists. */
const KERNEL_FILES = [
  'kcore',
  'keys',
  'kpagecgroup',
  'kpagecount',
  'kpageflags',
  'mtrr',
  'pagetypeinfo',
  'slabinfo',
  'timer_list',
];
/** An unprivileged user that owns nothing. */
const NOBODY = '65534';
const USER = 'resident';
export const SANDBOX_PATH = '/usr/bin:/bin';
export const HOME = `/home/${USER}`;

/** All that a sandbox knows of the machine it is on: many programs do not start without a name for their user. */
const ETC: Readonly<Record<string, string>> = {
  passwd: `${USER}:x:${NOBODY}:${NOBODY}:${USER}:${HOME}:/bin/sh\n`,
  group: `${USER}:x:${NOBODY}:\n`,
  hosts: '127.0.0.1 localhost\n::1 localhost\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
};
/** The first descriptor that bubblewrap is given. */
const FIRST_DESCRIPTOR = 3;

/** A program in a sandbox, as it is spawned. */
export interface Caged {
  readonly argv: readonly string[];
  /** What the program reads from descriptors 3, 4, … */
  readonly descriptors: readonly Buffer[];
}

export interface Inside {
  /** What is to be seen, besides the system; later hides earlier. */
  readonly mounts: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Bytes of `/dev/shm`. */
  readonly shared_bytes: number;
}

/**
 * No network, no other process, no capability, no further namespace of users, nothing of the machine but its programs and what
 * is mounted, nothing writable but that. The arguments go through a descriptor, so that no list of processes shows a path.
 * `program` is told the number of the next descriptor.
 */
export function isolate(bwrap: string, inside: Inside, program: (nextDescriptor: number) => readonly string[]): Caged {
  const { mounts, cwd, environment, shared_bytes } = inside;
  const filter = seccompFilter();
  const files = Object.entries(ETC);
  const filesFrom = FIRST_DESCRIPTOR + (filter ? 2 : 1);
  const args = [
    ...systemArgs(),
    ...files.flatMap(([name], index) => ['--perms', '0444', '--file', String(filesFrom + index), `/etc/${name}`]),
    ...kernelArgs(),
    ...['--dev', '/dev', '--size', String(shared_bytes), '--perms', '1777', '--tmpfs', '/dev/shm'],
    ...mounts,
    ...['--remount-ro', '/dev', '--remount-ro', '/', '--chdir', cwd],
    ...['--unshare-all', '--unshare-user', '--disable-userns', '--as-pid-1', '--new-session', '--die-with-parent'],
    ...['--cap-drop', 'ALL', '--uid', NOBODY, '--gid', NOBODY, '--hostname', 'sandbox', '--clearenv'],
    ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
    ...(filter ? ['--seccomp', String(FIRST_DESCRIPTOR + 1)] : []),
  ];
  const descriptors = [
    Buffer.from(`${args.join('\0')}\0`),
    ...(filter ? [filter] : []),
    ...files.map(([, text]) => Buffer.from(text)),
  ];
  const own = program(FIRST_DESCRIPTOR + descriptors.length);
  return { argv: [bwrap, '--args', String(FIRST_DESCRIPTOR), '--', ...own], descriptors };
}

let systemArgsOnce: readonly string[] | undefined;

function systemArgs(): readonly string[] {
  systemArgsOnce ??= [
    ...['--ro-bind', '/usr', '/usr', ...SYSTEM_FOLDERS.flatMap(systemFolder), '--perms', '0755', '--dir', '/etc'],
    // Compilers are found through the one, libraries in unusual folders through the other.
    ...['/etc/alternatives', '/etc/ld.so.cache'].flatMap((path) => ['--ro-bind-try', path, path]),
  ];
  return systemArgsOnce;
}

let kernelArgsOnce: readonly string[] | undefined;

/** Its own processes, and no setting of the kernel to change: those are the whole machine's, and root's without any capability. */
function kernelArgs(): readonly string[] {
  const hidden = KERNEL_FILES.map((name) => `/proc/${name}`);
  kernelArgsOnce ??= [
    ...['--proc', '/proc', '--ro-bind', '/proc/sys', '/proc/sys'],
    ...hidden.filter((path) => existsSync(path)).flatMap((path) => ['--ro-bind', '/dev/null', path]),
  ];
  return kernelArgsOnce;
}

function systemFolder(path: string): string[] {
  try {
    return lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
  } catch {
    return [];
  }
}
