import {
  type Config,
  type FieldProblem,
  fieldProblemLine,
  InvalidInputError,
  inWords,
  VERSION,
  WORLD_FORMAT,
  type WorkspacePaths,
  workspacePaths,
} from '@vivarium/core';
import { enterWorld } from '@vivarium/storage-files';
import { checkApi, checkProvider } from './api-checks.ts';
import { checkDisk, checkDocuments, checkQueueFile, checkSettingsFiles } from './file-checks.ts';
import type { Finding } from './finding.ts';
import { checkLocks, checkSwitches } from './lock-checks.ts';
import { checkLogs } from './log-checks.ts';
import { checkMachine } from './machine-checks.ts';
import { checkProjects } from './project-checks.ts';
import { checkSandbox } from './sandbox-checks.ts';

/** How everything stands: all findings, and every setting with where it came from. */
export interface Diagnosis {
  /** No finding is an error. */
  readonly ok: boolean;
  readonly errors: number;
  readonly warnings: number;
  readonly findings: readonly Finding[];
  readonly settings: readonly { readonly name: string; readonly shown: string; readonly from: string }[];
}

/** Look at everything; a check that fails itself is a finding, not the end. `load` reads the settings as they are now. */
export async function diagnose(load: () => Config): Promise<Diagnosis> {
  const config = configOrFindings(load);
  if (Array.isArray(config)) return { ...judged(config), settings: [] };
  const paths = workspacePaths(config.workspace);
  const checks: readonly (() => Promise<readonly Finding[]>)[] = [
    async () => [
      { level: 'ok', check: 'configuration', message: `workspace ${config.workspace}` },
      ...config.notices.map((notice) => finding('warning', notice, 'Correct the line; .env.example lists every variable')),
    ],
    async () => checkVersion(paths),
    () => checkDisk(paths),
    async () => checkMachine(paths),
    async () => checkSettingsFiles(config),
    async () => checkQueueFile(paths),
    () => checkDocuments(paths),
    () => checkLogs(paths),
    () => checkLocks(paths),
    () => checkSwitches(paths),
    () => checkSandbox(),
    () => checkProjects(config),
    () => checkApi(config, paths),
    () => checkProvider(config, paths),
  ];
  const findings: Finding[] = [];
  for (const check of checks) findings.push(...(await check().catch(failedCheck)));
  const settings = [...config.sources].map(([name, { shown, from }]) => ({ name, shown, from }));
  return { ...judged(findings), settings };
}

function judged(findings: readonly Finding[]) {
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length;
  const errors = count('error');
  return { ok: errors === 0, errors, warnings: count('warning'), findings };
}

function configOrFindings(load: () => Config): Config | Finding[] {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof InvalidInputError)) return failedCheck(error);
    return error.problems.map((problem) => finding('error', problem, error.fix ?? 'Correct the setting'));
  }
}

const finding = (level: Finding['level'], problem: FieldProblem, fix: string): Finding => ({
  level,
  check: 'configuration',
  message: fieldProblemLine(problem),
  fix,
});

function checkVersion(paths: WorkspacePaths): readonly Finding[] {
  enterWorld(paths);
  return [{ level: 'ok', check: 'version', message: `Vivarium ${VERSION}, format ${WORLD_FORMAT} of the world's files` }];
}

function failedCheck(error: unknown): Finding[] {
  return [{ level: 'error', check: 'doctor', fix: 'Look at the file or folder named', ...inWords(error) }];
}
