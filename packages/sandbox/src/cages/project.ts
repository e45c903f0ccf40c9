import { availableParallelism } from 'node:os';
import { type Caged, HOME, isolate, SANDBOX_PATH } from '../isolation/isolation.ts';
import { limitArgs, TASKS_PER_PROCESS } from '../isolation/limits.ts';
import { type Mount, memoryFolders, mountArgs } from '../isolation/mounts.ts';
import type { Tools } from '../isolation/tools.ts';
import type { Room } from '../process/output.ts';
import { type Ended, runProcess } from '../process/process.ts';
import type { Measure, SandboxLimits } from '../watch/measure.ts';
import { openWatchdog, type Watchdog } from '../watch/watchdog.ts';
import { refusedConnects } from './refused.ts';

interface CageLimits extends SandboxLimits {
  readonly open_files: number;
}

export interface CageRun {
  /** Program inside the sandbox, absolute or found in PATH of `environment`. */
  readonly argv: readonly string[];
  /** `/usr` and the system's folders come by themselves. */
  readonly mounts: readonly Mount[];
  /** A folder inside. */
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout_ms: number;
  readonly limits: CageLimits;
  /** Folders of the host whose bytes and files count against `disk_bytes` and `files`. */
  readonly counted: readonly string[];
  readonly output: Room;
  readonly signal?: AbortSignal;
  readonly stdin?: string;
  /** Unix sockets of the host to be reached inside. */
  readonly sockets?: readonly { readonly from: string; readonly at: string }[];
}

export interface CageEnd {
  /** 124 after a time-out, 130 after an abort, 137 over a limit, 128 + n after signal n, 127 when `broken`. */
  readonly exit_code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timed_out: boolean;
  readonly aborted: boolean;
  /** The limit of the whole sandbox that was passed; it was then killed. */
  readonly over_limit?: Measure;
  /** The program was not run, or not to its end, and not by its own doing: why. */
  readonly broken?: string;
  /** Connections the program tried in vain; absent when it was killed. */
  readonly refused_connects?: number;
  readonly duration_ms: number;
  readonly truncated: boolean;
}

/** As the first process of a sandbox for commands; and it tells, by a descriptor of its own, what the network was asked for. */
const FIRST_WITH_REPORT = (descriptor: number): readonly string[] => [
  '/bin/sh',
  '-c',
  `exec 3>&2 2>/dev/null; "$@" 2>&3 3>&- ${descriptor}>&-; code=$?; cat /proc/net/snmp /proc/net/snmp6 >&${descriptor}; echo end >&${descriptor}; exit $code`,
  'sh',
];
/** Folders in memory that every sandbox has. */
const OWN = ['/tmp', HOME, '/dev/shm'];
const OVER_LIMIT = 137;
/** One page more than a file may have, so that the watchdog sees that it was too long. */
const PAGE = 4_096;
const ENVIRONMENT = { PATH: SANDBOX_PATH, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', HOME, TMPDIR: '/tmp' };

/** Run one program in a sandbox of its own. When this resolves, none of its processes is left. Never throws. */
export async function runCage(tools: Tools, run: CageRun): Promise<CageEnd> {
  if (tools.bwrap === undefined) return broken('there is no sandbox on this machine: bubblewrap is not installed');
  try {
    const { argv, descriptors } = caged(tools.bwrap, tools, run);
    const watchdog = openWatchdog({ limits: run.limits, counted: run.counted, memory: [...OWN, ...memoryFolders(run.mounts)] });
    const { output, timeout_ms: timeoutMs, signal, stdin } = run;
    const ended = await runProcess({
      ...{ argv, descriptors, reports: true, cwd: '/', env: {}, timeoutMs, output, sandboxed: true, watch: watchdog.watch },
      ...(signal ? { signal } : {}),
      ...(stdin === undefined ? {} : { stdin }),
    });
    return endOf(ended, watchdog);
  } catch (error) {
    return broken(error instanceof Error ? error.message : String(error));
  }
}

function broken(why: string): CageEnd {
  const end = { exit_code: 127, stdout: '', stderr: '', timed_out: false, aborted: false, duration_ms: 0, truncated: false };
  return { ...end, broken: why };
}

function caged(bwrap: string, tools: Tools, { argv, mounts, cwd, environment, timeout_ms, limits, sockets }: CageRun): Caged {
  const { memory_bytes, processes, file_bytes, open_files } = limits;
  const memory = Math.floor(memory_bytes / 4);
  const cpu_seconds = (Math.ceil(timeout_ms / 1_000) + 1) * availableParallelism();
  // The watchdog tells which limit was passed; these are for the moment before it looks.
  const ceilings = {
    data_bytes: 2 * memory_bytes,
    file_bytes: file_bytes + PAGE,
    open_files,
    cpu_seconds,
    tasks: 2 * processes * TASKS_PER_PROCESS,
  };
  const own = ['/tmp', HOME].map((at): Mount => ({ from: at, at, mode: 'tmpfs' }));
  const inside = {
    mounts: [...mountArgs([...own, ...mounts], memory), ...(sockets ?? []).flatMap(({ from, at }) => ['--bind', from, at])],
    cwd,
    environment: { ...ENVIRONMENT, ...environment },
    shared_bytes: memory,
  };
  const program = [...limitArgs(tools, ceilings), ...argv];
  return isolate(bwrap, inside, (descriptor) => [...FIRST_WITH_REPORT(descriptor), ...program]);
}

function endOf({ stdout, stderr, report, sandboxed: _, ...ended }: Ended, watchdog: Watchdog): CageEnd {
  const end = { ...ended, stdout: stdout.text, stderr: stderr.text };
  const over_limit = watchdog.over();
  if (over_limit) return { ...end, exit_code: OVER_LIMIT, over_limit };
  if (watchdog.blind()) return { ...end, exit_code: 127, broken: 'the sandbox was stopped: it could not be looked into' };
  if (ended.timed_out || ended.aborted) return end;
  if (report.endsWith('end\n')) return { ...end, refused_connects: refusedConnects(report) };
  const said = stderr.text.trim().split('\n').at(-1) || `it ended with ${ended.exit_code}`;
  return { ...end, exit_code: 127, broken: `the sandbox did not run the program to its end: ${said}` };
}
