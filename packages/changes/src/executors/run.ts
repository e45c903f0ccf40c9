import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Clock, ExecutorPlace, ProjectLimits } from '@vivarium/core';
import { type CageEnd, type Mount, runCage, SANDBOX_PATH, type Tools } from '@vivarium/sandbox';
import { type Ask, MODEL_NAME } from './door/asked.ts';
import { type Door, openDoor } from './door/door.ts';
import type { DoorLimits } from './door/limits.ts';
import type { Executor } from './profiles.ts';

/** One run of an executor over one work area. */
export interface ExecutorJob {
  readonly executor: Executor;
  /** Seen at `/project`, and all that it can change. */
  readonly folder: string;
  readonly prompt: string;
  readonly ask: Ask;
  readonly limits: Pick<ProjectLimits, 'memory_mb' | 'disk_mb' | 'processes'>;
  /** What the project's own programs need to run in there. */
  readonly mounts?: readonly Mount[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly doorLimits?: Partial<DoorLimits>;
}

export interface ExecutorEnd {
  readonly cage: CageEnd;
  /** Requests for an answer. */
  readonly calls: number;
  /** Why it was refused for good and ended. */
  readonly refused?: Error;
}

export interface ExecutorHost {
  readonly tools: Tools;
  readonly clock: Clock;
  readonly installation: string;
  /** Where a folder for this run may be made. */
  readonly runFolder: string;
}

const PROJECT = '/project';
const FOLDER = '/agent';
/** What of ours is seen inside. */
const OURS = '/run/vivarium';
const INSIDE_PATH = `${OURS}/bin:${SANDBOX_PATH}`;
/** Nothing else listens in a sandbox with a network of its own. */
const PORT = 4141;
const MB = 1024 * 1024;
const OUTPUT = { head_bytes: 64 * 1024, tail_bytes: 192 * 1024 };
const MOST_FILES = 100_000;
const OPEN_FILES = 8_192;

/** Runs an executor in its sandbox, with one socket as its only way out, until it ends or has to. */
export async function runExecutor(host: ExecutorHost, job: ExecutorJob): Promise<ExecutorEnd> {
  const { ask, signal, doorLimits: limits = {} } = job;
  const door = await openDoor({ folder: host.runFolder, ask, clock: host.clock, signal, limits });
  try {
    const cage = await runCage(host.tools, cageRun(host, job, door));
    return { cage, calls: door.calls, ...(door.refused ? { refused: door.refused } : {}) };
  } finally {
    await door.close();
  }
}

/** The first line that it prints when it is asked for its version. */
export async function versionOf(host: Pick<ExecutorHost, 'tools'>, { profile }: Executor): Promise<string | undefined> {
  if (profile.version === undefined) return undefined;
  const cage = await runCage(host.tools, {
    argv: profile.version.map((word) => word.replaceAll('{folder}', FOLDER)),
    mounts: programs(profile.folder),
    cwd: '/tmp',
    environment: { PATH: INSIDE_PATH },
    timeout_ms: 60_000,
    limits: limitsOf({ memory_mb: 2_048, disk_mb: 16, processes: 256 }, profile),
    counted: [],
    output: OUTPUT,
  });
  return cage.exit_code === 0 ? `${cage.stdout}\n${cage.stderr}`.trim().split('\n', 1)[0] : undefined;
}

const programs = (folder: string): Mount[] => [
  { from: folder, at: FOLDER, mode: 'ro' },
  { from: process.execPath, at: `${OURS}/bin/node`, mode: 'ro' },
];

function cageRun(host: ExecutorHost, job: ExecutorJob, door: Door) {
  const { executor, prompt, signal } = job;
  const { profile } = executor;
  const fill = filler({
    ...{ folder: FOLDER, project: PROJECT, url: `http://127.0.0.1:${PORT}/v1`, key: door.key, model: MODEL_NAME, prompt },
  });
  const files = join(dirname(door.socket), 'home');
  writeFiles(files, profile.files, fill);
  const bound: Mount[] = [
    ...programs(profile.folder),
    { from: launcherIn(host.installation), at: `${OURS}/launch.mjs`, mode: 'ro' },
    { from: files, at: `${OURS}/home`, mode: 'ro' },
    { from: job.folder, at: PROJECT, mode: 'rw' },
  ];
  const asArgument = profile.argv.some((word) => word.includes('{prompt}'));
  const launch = ['node', `${OURS}/launch.mjs`, String(PORT), `${OURS}/gate.sock`, `${OURS}/home`];
  return {
    argv: [...launch, ...profile.argv.map(fill)],
    mounts: [...bound, ...(job.mounts ?? [])],
    cwd: PROJECT,
    environment: { PATH: pathOf(job.mounts), ...job.environment, ...filled(profile.environment, fill) },
    timeout_ms: profile.limits.minutes * 60_000,
    limits: limitsOf(job.limits, profile),
    counted: [job.folder],
    output: OUTPUT,
    signal: AbortSignal.any([signal, door.over]),
    stdin: asArgument ? '' : prompt,
    sockets: [{ from: door.socket, at: `${OURS}/gate.sock` }],
  };
}

/** Ours, then the project's programs, then the system's. */
const pathOf = (mounts: readonly Mount[] = []): string =>
  [`${OURS}/bin`, ...mounts.filter(({ mode }) => mode === 'ro').flatMap(({ at }) => [at, `${at}/bin`]), SANDBOX_PATH].join(':');

/** As much as the project allows its own tests, or more where a profile asks for it. */
function limitsOf(limits: ExecutorJob['limits'], profile: Executor['profile']) {
  const { memory_mb = 0, processes = 0 } = profile.limits;
  return {
    memory_bytes: Math.max(limits.memory_mb, memory_mb) * MB,
    processes: Math.max(limits.processes, processes),
    disk_bytes: limits.disk_mb * MB,
    files: MOST_FILES,
    file_bytes: limits.disk_mb * MB,
    open_files: OPEN_FILES,
  };
}

type Fill = (text: string) => string;

const filler =
  (values: Readonly<Record<ExecutorPlace, string>>): Fill =>
  (text) =>
    Object.entries(values).reduce((filled, [place, value]) => filled.replaceAll(`{${place}}`, () => value), text);

const filled = (environment: Readonly<Record<string, string>>, fill: Fill) =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fill(value)]));

function writeFiles(folder: string, files: Executor['profile']['files'], fill: Fill): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, fill(typeof content === 'string' ? content : JSON.stringify(content, null, 2)), { mode: 0o600 });
  }
}

const launcherIn = (installation: string): string => join(installation, 'packages', 'changes', 'src', 'executors', 'launch.mjs');
