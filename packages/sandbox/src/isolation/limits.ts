import { release } from 'node:os';
import type { Tools } from './tools.ts';

/** Ceilings that the kernel holds for each process of a sandbox. */
export interface ProcessLimits {
  readonly data_bytes: number;
  readonly file_bytes: number;
  readonly open_files: number;
  readonly cpu_seconds: number;
  /** Of the sandbox together, threads too; the kernel exempts root. */
  readonly tasks: number;
}

/** Threads count as tasks; programs of several ecosystems start a dozen each. */
export const TASKS_PER_PROCESS = 16;

/** The words to put before a program so that it starts under these limits; none where the tool is missing. */
export function limitArgs(tools: Tools, limits: ProcessLimits): string[] {
  if (tools.prlimit === undefined) return [];
  return [
    tools.prlimit,
    `--data=${limits.data_bytes}`,
    `--fsize=${limits.file_bytes}`,
    `--nofile=${limits.open_files}`,
    `--cpu=${limits.cpu_seconds}`,
    '--core=0',
    ...(tools.bwrap !== undefined && countsProcessesPerSandbox ? [`--nproc=${limits.tasks}`] : []),
    '--',
  ];
}

/** Before Linux 5.14 the limit counts every process of the person, so it would stop harmless commands. */
const countsProcessesPerSandbox = ((): boolean => {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return major > 5 || (major === 5 && minor >= 14);
})();
