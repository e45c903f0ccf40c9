import { join } from 'node:path';
import { type Caged, isolate, SANDBOX_PATH } from '../isolation/isolation.ts';
import { limitArgs } from '../isolation/limits.ts';
import type { Tools } from '../isolation/tools.ts';
import type { Kept } from '../process/output.ts';
import { type Ended, runProcess } from '../process/process.ts';
import type { Measure } from '../watch/measure.ts';
import { openWatchdog } from '../watch/watchdog.ts';

/** One entry of a folder; a link with what it leads to. */
export type Entry = { readonly name: string; readonly link?: string };

/** A sandbox that shows one workspace, read-only. */
export interface CommandCage {
  readonly tools: Tools;
  readonly workspace: string;
  readonly limits: {
    readonly memory_bytes: number;
    readonly processes: number;
    readonly open_files: number;
    readonly file_bytes: number;
    readonly scratch_bytes: number;
  };
  readonly cpuSeconds: number;
  /** Paths from the workspace that are to be empty; folders and files. */
  readonly masked: readonly { readonly path: string; readonly folder: boolean }[];
  /** All of the workspace that is to be seen; the whole when absent. */
  readonly entries?: readonly Entry[] | undefined;
  /** More files or folders to show, read-only, each under its own path. */
  readonly shown?: readonly string[];
}

/**
 * The first process of a sandbox: it waits for the program, and takes along whatever that leaves behind. bwrap's own would outlive
 * bwrap, and as its orphan stay a zombie where nobody collects them. What the shell itself has to say of the end is nobody's business.
 */
const FIRST = ['/bin/sh', '-c', 'exec 3>&2 2>/dev/null; "$@" 2>&3 3>&-; exit $?', 'sh'];

/** What is in the sandbox's memory and who is in it, for a sandbox whose policy names no other limits. */
const MAX_FILES = 100_000;

export interface CommandRun extends CommandCage {
  readonly argv: readonly string[];
  readonly timeoutMs: number;
  readonly outputBytes: number;
  readonly signal?: AbortSignal | undefined;
  readonly stdin?: string;
}

/** Run one program over a workspace, in a sandbox when there is one, and wait for it. Never throws. */
export async function runCommand(run: CommandRun): Promise<Ended> {
  const { timeoutMs, signal, stdin, limits } = run;
  const sandboxed = run.tools.bwrap !== undefined;
  const never = Number.POSITIVE_INFINITY;
  const watched = { ...limits, disk_bytes: never, files: MAX_FILES, file_bytes: never };
  const watchdog = openWatchdog({ limits: watched, counted: [], memory: ['/tmp', '/dev/shm'] });
  const ended = await runProcess({
    ...cageCommand(run, run.argv),
    cwd: run.workspace,
    env: ENVIRONMENT,
    timeoutMs,
    output: { head_bytes: run.outputBytes, tail_bytes: 0 },
    sandboxed,
    ...(signal ? { signal } : {}),
    ...(stdin === undefined ? {} : { stdin }),
    ...(sandboxed ? { watch: watchdog.watch } : {}),
  });
  const over = watchdog.over();
  return over ? { ...ended, stderr: withLine(ended.stderr, overText(over)) } : ended;
}

/** The last line of a program that was stopped. */
function withLine({ text, bytes, cut }: Kept, line: string): Kept {
  const added = `${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`;
  return { text: text + added, bytes: bytes + Buffer.byteLength(added), cut };
}

const overText = ({ limit, value, allowed }: Measure): string =>
  limit === 'memory'
    ? `[stopped: all its processes together took ${megabytes(value)} MB of memory; ${megabytes(allowed)} are allowed]`
    : `[stopped: it had ${value} ${limit}; ${allowed} are allowed]`;

const megabytes = (bytes: number): number => Math.ceil(bytes / 1_048_576);

const ENVIRONMENT = { PATH: SANDBOX_PATH, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', HOME: '/tmp' };

/** A program as it is spawned: in a sandbox when there is one, with limits in any case that they can be had. */
export function cageCommand(cage: CommandCage, argv: readonly string[]): Caged {
  const { tools, limits, workspace } = cage;
  const { memory_bytes: data_bytes, processes: tasks, file_bytes, open_files, scratch_bytes } = limits;
  const ceilings = { data_bytes, file_bytes, open_files, tasks, cpu_seconds: cage.cpuSeconds };
  const limited = [...limitArgs(tools, ceilings), ...argv];
  if (tools.bwrap === undefined) return { argv: limited, descriptors: [] };
  const inside = { mounts: mountArgs(cage), cwd: workspace, environment: ENVIRONMENT, shared_bytes: scratch_bytes };
  return isolate(tools.bwrap, inside, () => [...FIRST, ...limited]);
}

/** A small scratch folder in memory, and the workspace read-only without what is masked. */
function mountArgs({ workspace, limits, masked, shown, entries }: CommandCage): string[] {
  return [
    ...['--size', String(limits.scratch_bytes), '--tmpfs', '/tmp'],
    ...(shown ?? []).flatMap((path) => ['--ro-bind', path, path]),
    ...(entries ? entryArgs(workspace, entries) : ['--ro-bind', workspace, workspace]),
    ...masked.flatMap(({ path, folder }) => mask(join(workspace, path), folder)),
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
