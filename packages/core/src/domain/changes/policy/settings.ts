import type { ProjectSettings } from '../../../contract/projects-file.ts';
import { onlyReads } from '../../review/tests.ts';
import { globProblem } from './globs.ts';

/** What is wrong with one field of a project, by its words alone. */
export interface SettingsFault {
  readonly field: string;
  readonly problem: string;
  readonly fix: string;
}

const GLOB_FIELDS = ['may_touch', 'ask_for', 'never', 'withhold', 'tests_are'] as const;
/** They run what the tree says, which whoever is tested wrote. */
const SHELLS = /^(?:(?:ba|da|z|k|c|tc|fi)?sh|busybox|env|xargs|sudo|make|npx|bunx|pnpx|npm|pnpm|yarn|bun|just|task)$/;
const READERS = /^(?:true|false|:|test|\[|find|grep|head|tail|wc|ls|stat|file|date|sleep|git)$/;

/** Everything that the words of one project rule out, without a look at the machine. */
export function settingsFaults(settings: ProjectSettings): readonly SettingsFault[] {
  return [
    ...pathFaults(settings),
    ...GLOB_FIELDS.flatMap((field) => globFaults(field, settings[field])),
    ...suiteFaults(settings),
    ...Object.entries(settings.commands).flatMap(([name, { argv }]) => programFaults(`commands.${name}.argv`, argv)),
    ...settings.dependencies.flatMap(dependencyFaults),
    ...gateFaults(settings.gates),
  ];
}

function pathFaults({ path, branch, tools }: ProjectSettings): SettingsFault[] {
  const faults: SettingsFault[] = [];
  if (!path.startsWith('/'))
    faults.push({ field: 'path', problem: `${path} is not absolute`, fix: 'Write the whole path, from "/" on' });
  if (!isBranch(branch)) {
    const fix = 'Write its plain name, e.g. "main"; `git branch` lists them';
    faults.push({ field: 'branch', problem: `${JSON.stringify(branch)} is not the name of a branch`, fix });
  }
  for (const [at, tool] of tools.entries()) {
    if (tool.startsWith('/')) continue;
    faults.push({
      field: `tools.${at}`,
      problem: `${tool} is not absolute`,
      fix: 'Write the whole path of the folder, from "/" on',
    });
  }
  return faults;
}

/** The rules of `git check-ref-format --branch`, as far as a name could break them. */
const isBranch = (name: string): boolean =>
  /^(?![-/.])[^\p{Cc} ~^:?*[\\]+$/u.test(name) &&
  !/\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)|[/.]$/.test(name) &&
  name !== '@' &&
  name !== 'HEAD' &&
  !name.startsWith('refs/');

const globFaults = (field: string, globs: readonly string[]): SettingsFault[] =>
  globs.flatMap((glob, at) => {
    const problem = globProblem(glob);
    return problem === undefined
      ? []
      : [{ field: `${field}.${at}`, problem: `${glob} ${problem}`, fix: 'Write it like "src/**" or "**/*.test.ts"' }];
  });

function suiteFaults({ suites }: ProjectSettings): SettingsFault[] {
  const named = Object.entries(suites);
  if (named.length === 0) {
    const fix =
      'Name the command that runs your tests, e.g. "unit": { "argv": ["node", "--test", "--test-reporter=junit"], "report": "junit" }';
    return [{ field: 'suites', problem: 'there is none, so nothing could be proven of a change', fix }];
  }
  return named.flatMap(([name, suite]) => {
    const field = `suites.${name}`;
    const faults = programFaults(`${field}.argv`, suite.argv);
    if (faults.length === 0 && readsOnly(suite.argv)) {
      const problem = `${suite.argv[0]} only reads and prints: it would pass whatever the change is`;
      faults.push({
        field: `${field}.argv`,
        problem,
        fix: 'Name the program that runs the tests, such as node, vitest, pytest, cargo or go',
      });
    }
    if (suite.report === 'none' && suite.only) {
      faults.push({
        field: `${field}.only`,
        problem: 'single files prove nothing without a report',
        fix: `Give ${field}.report, or leave "only" out`,
      });
    }
    return faults;
  });
}

const readsOnly = (argv: readonly string[]): boolean => onlyReads(argv.join(' ')) || READERS.test(programOf(argv));
const programOf = ([program = '']: readonly string[]): string => program.split('/').at(-1) ?? program;

/** Scripts of the tree belong to whoever is tested, so no program that runs them may be named. */
function programFaults(field: string, argv: readonly string[]): SettingsFault[] {
  const [program = ''] = argv;
  if (SHELLS.test(programOf(argv))) {
    const problem = `${program} runs what the changed tree says`;
    return [
      {
        field,
        problem,
        fix: 'Name the program itself and its arguments, e.g. ["node", "node_modules/vitest/vitest.mjs", "run"]',
      },
    ];
  }
  if (/\s/.test(program) && argv.length === 1) {
    const fix = `Write one argument each: ${JSON.stringify(program.trim().split(/\s+/))}`;
    return [{ field, problem: 'the whole command stands in one argument; there is no shell to split it', fix }];
  }
  return [];
}

function dependencyFaults({ at, from, key }: ProjectSettings['dependencies'][number], index: number): SettingsFault[] {
  const named = [['at', at] as const, ['from', from] as const, ...key.map((path, which) => [`key.${which}`, path] as const)];
  return named
    .filter(([, path]) => path.startsWith('/') || path.split('/').some((part) => ['', '.', '..', '.git'].includes(part)))
    .map(([field, path]) => ({
      field: `dependencies.${index}.${field}`,
      problem: `${path} is not a path inside the project`,
      fix: 'Write it relative to the project, e.g. "node_modules"',
    }));
}

function gateFaults(gates: ProjectSettings['gates']): SettingsFault[] {
  const missing = (['unit', 'integration'] as const).filter((gate) => !gates.includes(gate));
  if (missing.length === 0) return [];
  return [
    { field: 'gates', problem: `${missing.join(' and ')} cannot be left out`, fix: 'Leave out only "vote", "qa" or "e2e"' },
  ];
}
