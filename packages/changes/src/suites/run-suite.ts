import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isWithheld, type Project } from '@vivarium/core';
import { readReport } from '@vivarium/core/domain/changes/reports';
import { type CageEnd, runCage, type Tools } from '@vivarium/sandbox';
import type { ProjectStore } from '../store/index.ts';
import { removeFolder } from '../work-area/remove-folder.ts';
import { cageOf, PROJECT_AT } from './cage-of.ts';
import { readReportFile, reportPath } from './report-file.ts';
import type { SuiteAsk, SuiteRun } from './suite-run.ts';

export interface SuiteDeps {
  readonly store: Pick<ProjectStore, 'folder' | 'checkout' | 'entries'>;
  readonly project: Project;
  readonly tools: Tools;
  readonly signal?: AbortSignal;
}

const KEPT_OUTPUT = 16_384;

/**
 * Run one of a project's suites on a fresh checkout of a tree, withheld files left out, in a sandbox. The checkout is gone
 * afterwards, so what a run leaves behind touches no other run and nothing that is approved. Throws what the store throws.
 */
export async function runSuite(deps: SuiteDeps, ask: SuiteAsk): Promise<SuiteRun> {
  const { store, project, tools, signal } = deps;
  const suite = project.settings.suites[ask.suite];
  if (!suite) throw new Error(`Project ${project.name} has no suite ${ask.suite}`);
  const runs = join(store.folder, 'runs');
  sweepOnce(runs);
  const folder = mkdtempSync(join(runs, `${process.pid}-`));
  try {
    const folders = { project: join(folder, 'project'), out: join(folder, 'out') };
    mkdirSync(folders.out);
    await store.checkout(ask.tree, folders.project, (path) => isWithheld(project.settings, path));
    for (const [path, bytes] of ask.overlay ?? []) put(join(folders.project, path), bytes);
    const end = await runCage(tools, { ...cageOf(project, ask, folders), ...(signal ? { signal } : {}) });
    const path = reportPath(suite.argv);
    const text = path === undefined ? end.stdout : readReportFile(folders.out, path);
    return await runOf(deps, ask, end, text);
  } finally {
    removeFolder(folder);
  }
}

async function runOf({ store, project }: SuiteDeps, ask: SuiteAsk, end: CageEnd, text: string): Promise<SuiteRun> {
  const { tree, suite, overlay } = ask;
  const { exit_code, timed_out, duration_ms, over_limit, refused_connects } = end;
  const format = project.settings.suites[suite]?.report ?? 'none';
  const files = await store.entries(tree);
  const isFile = (path: string) => files.has(path) || overlay?.has(path) === true;
  const read = format === 'none' ? undefined : readReport(format, text, { root: PROJECT_AT, isFile });
  const interrupted = end.broken ?? (end.aborted ? 'it was stopped before its end' : undefined);
  return {
    ...{ suite, tree, exit_code, timed_out, duration_ms },
    cases: read?.cases ?? new Map(),
    report: read?.state ?? 'none',
    detail: read?.detail ?? `it ended with ${exit_code}`,
    output: [end.stdout, end.stderr].filter(Boolean).join('\n').slice(-KEPT_OUTPUT),
    ...(over_limit ? { over_limit } : {}),
    ...(refused_connects === undefined ? {} : { refused_connects }),
    ...(interrupted === undefined ? {} : { interrupted }),
  };
}

function put(file: string, bytes: Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

const swept = new Set<string>();

/** Once a process: what runs of processes left that were killed. */
function sweepOnce(runs: string): void {
  mkdirSync(runs, { recursive: true });
  if (swept.has(runs)) return;
  swept.add(runs);
  for (const name of readdirSync(runs)) if (!isAlive(Number.parseInt(name, 10))) removeFolder(join(runs, name));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
