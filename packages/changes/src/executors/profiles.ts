import { join } from 'node:path';
import {
  BUILT_IN,
  ExecutorProfile,
  ExecutorsFile,
  fieldProblemsOf,
  fileExists,
  InvalidInputError,
  readJsonFile,
} from '@vivarium/core';

/** What is wrong with an executor. `field` is a path in `config/executors.json`, e.g. `executors.pi.folder`. */
export interface ExecutorFinding {
  readonly executor: string;
  readonly field: string;
  readonly problem: string;
  readonly fix: string;
}

/** A program that can be given the hands-on work of a change. */
export interface Executor {
  readonly name: string;
  readonly profile: ExecutorProfile & { readonly folder: string };
}

export interface ExecutorsRead {
  /** Those that can be used, by name. */
  readonly ready: ReadonlyMap<string, Executor>;
  /** Every profile that reads, with a folder or without. */
  readonly profiles: ReadonlyMap<string, ExecutorProfile>;
  readonly findings: readonly ExecutorFinding[];
}

export interface ExecutorPlaces {
  /** Where Vivarium is installed: the profiles that ship are there. */
  readonly installation: string;
  /** What its `config/executors.json` says of an executor wins over what ships, field by field. */
  readonly workspace: string;
}

/** The executors of a workspace, from both files as they are at this moment. One that is wrong leaves the others as they are. */
export function readExecutors({ installation, workspace }: ExecutorPlaces): ExecutorsRead {
  const files = [...new Set([installation, workspace])].map((folder) => fileIn(folder));
  const names = [...new Set(files.flatMap(({ executors }) => Object.keys(executors)))];
  const findings = files.flatMap((file) => file.findings);
  const profiles = new Map<string, ExecutorProfile>();
  const ready = new Map<string, Executor>();
  for (const name of names) {
    const merged = Object.assign({}, ...files.map(({ executors }) => executors[name] ?? {}));
    const read = ExecutorProfile.safeParse(merged);
    if (!read.success) {
      findings.push(...problemsOf(read.error, name));
      continue;
    }
    profiles.set(name, read.data);
    const { folder } = read.data;
    const wrong = folder === undefined ? [] : placeFindings(name, { ...read.data, folder }, workspace);
    findings.push(...wrong);
    if (folder !== undefined && wrong.length === 0) ready.set(name, { name, profile: { ...read.data, folder } });
  }
  return { ready, profiles, findings };
}

/** @throws InvalidInputError that says what to do when there is none of this name, or it cannot be used */
export function executorNamed(read: ExecutorsRead, name: string): Executor {
  const executor = read.ready.get(name);
  if (executor) return executor;
  const [wrong] = read.findings.filter((one) => one.executor === name || one.executor === '');
  if (wrong) throw new InvalidInputError(`The executor ${name}`, [{ field: wrong.field, message: wrong.problem }], wrong.fix);
  const profile = read.profiles.get(name);
  if (!profile) {
    const message = `there is no executor ${name}; there are ${[BUILT_IN, ...read.profiles.keys()].join(', ')}`;
    const fix = 'Use one of them, or describe it in config/executors.json of the workspace';
    throw new InvalidInputError('No such executor', [{ field: 'executor', message }], fix);
  }
  const fix = `${installing(profile)}, then write {"version": 1, "executors": {"${name}": {"folder": "/absolute/path"}}} into config/executors.json of the workspace`;
  throw new InvalidInputError(`The executor ${name}`, [{ field: `executors.${name}.folder`, message: 'is not set' }], fix);
}

const installing = ({ package: of, tried }: ExecutorProfile): string =>
  of === undefined
    ? 'Install it into a folder of its own'
    : `Install it into a folder of its own (npm install ${of}@${tried.at(-1) ?? 'latest'})`;

interface FileOfExecutors extends Pick<ExecutorsFile, 'executors'> {
  readonly findings: ExecutorFinding[];
}

function fileIn(folder: string): FileOfExecutors {
  const file = join(folder, 'config', 'executors.json');
  const read = readJsonFile(file);
  if (read.kind === 'absent') return { executors: {}, findings: [] };
  if (read.kind === 'refused') {
    const { message, fix } = read;
    return { executors: {}, findings: [{ executor: '', field: file, problem: message, fix }] };
  }
  const checked = ExecutorsFile.safeParse(read.value);
  return checked.success ? { ...checked.data, findings: [] } : { executors: {}, findings: problemsOf(checked.error) };
}

const MEANING = 'Correct it in config/executors.json; docs/how-to/use-another-agent.md shows every field';

function problemsOf(error: Parameters<typeof fieldProblemsOf>[0], name?: string): ExecutorFinding[] {
  const under = name === undefined ? '' : `executors.${name}`;
  return fieldProblemsOf(error, { at: under || 'file', under }).map(({ field, message }) => ({
    ...{ executor: name ?? '', field, problem: message, fix: MEANING },
  }));
}

/** The sandbox shows the folder: it must hold the program, and nothing that an executor may not read. */
function placeFindings(name: string, { folder, needs, package: of }: Executor['profile'], workspace: string): ExecutorFinding[] {
  const field = `executors.${name}.folder`;
  const around = folder.endsWith('/') ? folder : `${folder}/`;
  if (`${workspace}/`.startsWith(around) || around.startsWith(`${workspace}/.swarm/`)) {
    const fix = 'Install it into a folder of its own and name that';
    return [{ executor: name, field, problem: 'would show the workspace to the executor', fix }];
  }
  const missing = ['', ...needs].find((path) => !fileExists(join(folder, path)));
  if (missing === undefined) return [];
  const problem = missing === '' ? `there is no folder ${folder}` : `${missing} is not in ${folder}`;
  const fix = of === undefined ? 'Correct the path' : `Correct the path, or install it there: npm install ${of}`;
  return [{ executor: name, field, problem, fix }];
}
