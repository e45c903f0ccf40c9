import { join, posix } from 'node:path';
import type { Project } from '@vivarium/core';
import type { CageRun, Mount } from '@vivarium/sandbox';
import { clockLater } from './later.ts';
import { REPORT_BYTES } from './report-file.ts';
import type { SuiteAsk } from './suite-run.ts';

/** Where a project stands inside its sandbox, and where its reports go. */
export const PROJECT_AT = '/project';
const OUT_AT = '/out';
/** Raised when what a sandbox shows or allows changes: what was seen in another is not reused. */
export const PROFILE = 'suite-1';
const SYSTEM = '/usr';
const MB = 1_024 * 1_024;
/** A report on standard output is kept whole. */
const OUTPUT = { head_bytes: REPORT_BYTES, tail_bytes: 192 * 1_024 };

/** The sandbox of a suite: the checkout, the report folder, the project's dependencies and tools, and nothing else. */
export function cageOf(
  { settings }: Project,
  { suite, only, days_later }: SuiteAsk,
  folders: { readonly project: string; readonly out: string },
): Omit<CageRun, 'signal'> {
  const { argv = [], timeout_s = 0 } = settings.suites[suite] ?? {};
  const { memory_mb, disk_mb, processes } = settings.limits;
  return {
    argv: [...argv.map((word) => word.replaceAll('{out}', OUT_AT)), ...(only ?? [])],
    mounts: [
      { from: folders.project, at: PROJECT_AT, mode: 'rw' },
      { from: folders.out, at: OUT_AT, mode: 'rw' },
      ...settings.tools.filter((path) => path !== SYSTEM).map((path): Mount => ({ from: path, at: path, mode: 'ro' })),
      ...settings.dependencies.map(
        ({ at, from }): Mount => ({ from: join(settings.path, from), at: posix.join(PROJECT_AT, at), mode: 'entries-ro' }),
      ),
    ],
    cwd: PROJECT_AT,
    environment: { PATH: pathOf(settings.tools), ...settings.environment, ...(days_later ? clockLater(days_later) : {}) },
    timeout_ms: timeout_s * 1_000,
    limits: {
      memory_bytes: memory_mb * MB,
      processes,
      disk_bytes: disk_mb * MB,
      files: FILES,
      file_bytes: disk_mb * MB,
      open_files: 4_096,
    },
    counted: [folders.project, folders.out],
    output: OUTPUT,
  };
}

/** What one run may add below the project: more is an accident, or meant. */
const FILES = 50_000;

/** Programs of the tools a person named come before the system's. */
const pathOf = (tools: readonly string[]): string =>
  [
    ...tools.filter((path) => path !== SYSTEM).flatMap((path) => [path, join(path, 'bin')]),
    '/usr/local/bin',
    '/usr/bin',
    '/bin',
  ].join(':');
