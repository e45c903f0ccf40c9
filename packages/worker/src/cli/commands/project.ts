import { InvalidInputError, type Project, type ProjectFinding, projectNamed, type World } from '@vivarium/core';
import type { Command } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { flat } from '../shape.ts';
import { inBareWorld } from '../world.ts';

/** project: the repositories that residents may propose changes to. */
export function addProject(program: Command, door: Door): void {
  const project = program.command('project').description('the repositories that residents may propose changes to');
  const all = project.command('list').description('every project of config/projects.json that can be used');
  door.asks<[]>(all, 'list_projects', (output) => inBareWorld((world) => list(output, world)));
  const one = project.command('show <project>').description('what residents may touch in it, how it is tested, what is wrong');
  door.asks<[string]>(one, 'show_project', (output, _options, name) => inBareWorld((world) => show(output, world, name)));
  const check = project
    .command('check [project]')
    .description('everything that is wrong with it, or with all; runs nothing of it');
  door.asks<[string | undefined]>(check, 'check_project', (output, _options, name) =>
    inBareWorld(async ({ projects }) => told(output, await projects.check(name))),
  );
  const init = project
    .command('init [path]')
    .description('write a first entry for the repository there from what it holds, for you to read');
  init
    .option('--name <name>', "what it is called (the folder's name)")
    .option('--sample', 'make the sample that ships there instead');
  door.asks<[string | undefined], InitOptions>(init, 'init_project', (output, options, path) =>
    inBareWorld((world) => begin(output, world, options, path)),
  );
  const refresh = project.command('refresh <project>').description('say that its dependencies are installed as its files ask');
  door.decides(refresh, 'refresh_project', {
    input: (_options, name: string) => ({ project: name }),
    show: ({ output, answer: { project: name, tasks } }) =>
      output.result(
        { project: name, tasks },
        tasks.length === 0 ? flat`noted; no task waited for it` : flat`goes on: ${tasks.join(', ')}`,
      ),
  });
}

interface InitOptions {
  readonly name?: string;
  readonly sample?: boolean;
}

async function begin(output: Output, { paths, config }: World, { name, sample }: InitOptions, path?: string): Promise<number> {
  if (path === undefined && !sample)
    throw new InvalidInputError(
      'project init',
      [{ field: 'path', message: 'is missing' }],
      'pnpm worker project init <path>, or --sample',
    );
  const { initProject, initSample, SAMPLE_TASK } = await import('@vivarium/changes');
  const { installation } = config;
  const first = sample ? await initSample({ installation, paths, folder: path, name }) : initProject(path ?? '', { paths, name });
  const add = `pnpm worker add ${SAMPLE_TASK.id} "${SAMPLE_TASK.prompt}" --project ${first.name} --kind ${SAMPLE_TASK.kind}`;
  const words = [
    flat`wrote projects.${first.name} into ${paths.projectsFile}${first.found.length > 0 ? `, from ${first.found.join('; ')}` : ''}`,
    ...first.notes.map((note) => flat`note: ${note}`),
    'read may_touch, tests_are and suites there: they say what residents may change, and what has to hold',
    flat`then: pnpm worker project check ${first.name}`,
    ...(sample ? [`then: ${add}`] : []),
  ];
  output.result({ project: first.name, file: paths.projectsFile, ...first, ...(sample ? { add } : {}) }, words.join('\n'));
  return EXIT.done;
}

async function list(output: Output, { projects }: World): Promise<number> {
  for (const project of await projects.list()) {
    const { path, branch, land, into } = project.settings;
    output.result(line(project), flat`${project.name}  ${path}  ${branch}  land: ${land}, into: ${into}`);
  }
  const findings = await projects.check();
  if (findings.length > 0) output.say(`${findings.length} findings; see: pnpm worker project check`);
  return EXIT.done;
}

async function show(output: Output, { projects }: World, name: string): Promise<number> {
  const project = await projectNamed(projects, name);
  const findings = await projects.check(name);
  const { settings } = project;
  const suites = Object.entries(settings.suites).map(
    ([suite, { argv, report }]) => flat`  ${suite} (${report}): ${argv.join(' ')}`,
  );
  const words = [
    flat`${name}: ${settings.path}, branch ${settings.branch}`,
    flat`may touch: ${settings.may_touch.join(', ')}`,
    flat`asked for: ${settings.ask_for.join(', ') || '-'}`,
    flat`never: ${settings.never.join(', ') || '-'}`,
    flat`withheld: ${settings.withhold.join(', ') || '-'}`,
    flat`tests are: ${settings.tests_are.join(', ') || '-'}`,
    'suites:',
    ...suites,
    ...findings.map(findingWords),
  ];
  output.result({ ...line(project), settings, findings }, words.join('\n'));
  return EXIT.done;
}

function told(output: Output, findings: readonly ProjectFinding[]): number {
  const ok = findings.length === 0;
  output.result({ ok, findings }, ok ? 'nothing is wrong' : findings.map(findingWords).join('\n'));
  return ok ? EXIT.done : EXIT.failed;
}

const findingWords = ({ field, problem, fix }: ProjectFinding): string => flat`${field}: ${problem}. ${fix}`;

const line = ({ name, settings: { path, branch, land, into, approval, executor, suites }, policy_sha256 }: Project) => ({
  ...{ project: name, path, branch, land, into, approval, executor, policy_sha256 },
  suites: Object.keys(suites),
});
