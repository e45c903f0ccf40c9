import { lstatSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ProjectSettings, SettingsFault } from '@vivarium/core';

const SYSTEM = [
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/lib',
  '/lib32',
  '/lib64',
  '/proc',
  '/run',
  '/sbin',
  '/sys',
  '/usr',
  '/var/lib',
  '/var/cache',
];
const OUTSIDE = 'Give the folder of a repository of yours, e.g. /home/me/src/invoice';

/** What the file system says of where a project lies, or where its git directory is. */
export type Place =
  | { readonly kind: 'repository'; readonly gitDir: string; readonly bare: boolean }
  | { readonly kind: 'refused'; readonly faults: readonly SettingsFault[] };

/** Look at a project's folder; nothing in it is run or opened by git. `swarm` is the folder of Vivarium's own records. */
export function placeOf({ path, into }: Pick<ProjectSettings, 'path' | 'into'>, swarm: string): Place {
  const problem = pathProblem(path, swarm);
  if (problem) return refused('path', ...problem);
  const found = gitDirOf(path);
  if (found.kind === 'refused') return found;
  if (found.bare && into === 'checkout')
    return refused('into', 'the repository is bare: there is no checkout to write to', 'Write "into": "ref"');
  if (!isFolder(join(found.gitDir, 'objects')))
    return refused('path', `${path} is not a whole git repository: it has no objects`, 'Look at it with: git status');
  if (ignoresCase(found.gitDir))
    return refused(
      'path',
      `the file system of ${path} takes names of either case for one file`,
      'Keep the repository on one that tells them apart',
    );
  return found;
}

function pathProblem(path: string, swarm: string): readonly [problem: string, fix: string] | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return [`there is nothing at ${path}`, 'Correct the path, or remove the project'];
  if (stat.isSymbolicLink()) return [`${path} is a link`, `Write where it leads: ${real(path) ?? 'the folder itself'}`];
  if (!stat.isDirectory()) return [`${path} is not a folder`, OUTSIDE];
  const whole = real(path);
  if (whole !== path) return [`the way to ${path} leads through a link or is not in its plain form`, `Write ${whole}`];
  if (isWithin(path, swarm)) return [`${path} lies in .swarm, where Vivarium keeps its own records`, OUTSIDE];
  const system = SYSTEM.find((folder) => isWithin(path, folder));
  if (path === '/' || path === '/home' || path === '/var' || system) return [`${path} is a folder of the system`, OUTSIDE];
  if (path === homedir()) return [`${path} is your home folder, with everything in it`, OUTSIDE];
  if (stat.uid !== process.getuid?.() && process.getuid?.() !== 0)
    return [`${path} belongs to another user, and git opens no repository of others`, `chown -R "$(id -un)" ${path}`];
  return undefined;
}

function gitDirOf(path: string): Place {
  const own = join(path, '.git');
  const stat = lstatSync(own, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink()) return refused('path', `${own} is a link`, 'Give a repository whose .git is a folder');
  if (stat?.isFile())
    return refused(
      'path',
      `${path} is a linked work tree or a submodule: its .git is a file`,
      'Give the folder of the main work tree; `git worktree list` names it',
    );
  if (stat?.isDirectory()) return { kind: 'repository', gitDir: own, bare: false };
  if (isFolder(join(path, 'objects')) && isFolder(join(path, 'refs'))) return { kind: 'repository', gitDir: path, bare: true };
  for (let above = dirname(path); above !== dirname(above); above = dirname(above)) {
    if (isFolder(join(above, '.git')))
      return refused(
        'path',
        `${path} lies inside the repository ${above} and is not its root`,
        `Write ${above}, and narrow "may_touch" to what lies below`,
      );
  }
  return refused('path', `${path} is not a git repository`, `git init ${path}, and commit what is there`);
}

/** Folders where a name is found in either case: two paths that differ in case alone would be one file. */
function ignoresCase(gitDir: string): boolean {
  const [plain, other] = [join(gitDir, 'objects'), join(gitDir, 'OBJECTS')].map((path) =>
    statSync(path, { throwIfNoEntry: false }),
  );
  return plain !== undefined && other?.ino === plain.ino;
}

/** Tools are bound into the sandbox as they are, so nothing that holds secrets or other people's work may be one. */
export function toolFaults(tools: readonly string[], swarm: string): SettingsFault[] {
  return tools.flatMap((tool, at) => {
    const problem = toolProblem(tool, swarm);
    return problem === undefined
      ? []
      : [{ field: `tools.${at}`, problem, fix: 'Name the folder of the tools alone, e.g. "/usr" or "/home/me/.cargo"' }];
  });
}

function toolProblem(tool: string, swarm: string): string | undefined {
  const whole = real(tool);
  if (whole === undefined || !isFolder(whole)) return `there is no folder ${tool}`;
  if (isWithin(swarm, whole) || isWithin(whole, swarm)) return `${tool} holds Vivarium's own records, or lies among them`;
  if (isWithin(homedir(), whole)) return `${tool} holds your home folder, with everything in it`;
  if (['/etc', '/proc', '/dev', '/sys', '/run', '/var', '/home', '/boot'].includes(whole))
    return `${tool} is not a folder of tools`;
  if (/(?:^|\/)\.(?:ssh|aws|gnupg|kube|docker|config)(?:\/|$)/.test(whole)) return `${tool} is where secrets lie`;
  return undefined;
}

export function dependencyPlaceFaults({ path, dependencies }: ProjectSettings): SettingsFault[] {
  return dependencies.flatMap(({ from, key }, index) => {
    const field = `dependencies.${index}`;
    const whole = real(join(path, from));
    if (whole === undefined || !isFolder(whole))
      return [
        {
          field: `${field}.from`,
          problem: `there is no folder ${from} in ${path}`,
          fix: 'Install the dependencies there, or remove the entry',
        },
      ];
    if (!isWithin(whole, path))
      return [
        {
          field: `${field}.from`,
          problem: `${from} leads out of the project, to ${whole}`,
          fix: 'Install the dependencies inside the project',
        },
      ];
    return key.flatMap((name, at) =>
      isFile(join(path, name))
        ? []
        : [
            {
              field: `${field}.key.${at}`,
              problem: `there is no file ${name} in ${path}`,
              fix: 'Name the lockfile that says what is installed',
            },
          ],
    );
  });
}

/** A folder among the globs covers nothing: `src` is no file. */
export function folderGlobFaults(settings: ProjectSettings): SettingsFault[] {
  return (['may_touch', 'tests_are'] as const).flatMap((field) =>
    settings[field].flatMap((glob, at) =>
      /[*?{]/.test(glob) || !isFolder(join(settings.path, glob))
        ? []
        : [{ field: `${field}.${at}`, problem: `${glob} is a folder, so it names no file`, fix: `Write "${glob}/**"` }],
    ),
  );
}

/** Programs that stand nowhere: a suite that cannot start would reject every change. */
export function programFaults(settings: ProjectSettings): SettingsFault[] {
  const { path, tools, environment } = settings;
  const folders = [
    ...(environment['PATH']?.split(':') ?? []),
    ...tools.flatMap((tool) => [join(tool, 'bin'), join(tool, 'local/bin'), join(tool, 'sbin'), tool]),
    '/usr/local/bin',
    '/usr/bin',
    '/bin',
  ];
  const named = [
    ...Object.entries(settings.suites).map(([name, { argv }]) => [`suites.${name}.argv`, argv] as const),
    ...Object.entries(settings.commands).map(([name, { argv }]) => [`commands.${name}.argv`, argv] as const),
  ];
  return named.flatMap(([field, [program = '', script = '']]) => {
    const places = program.includes('/')
      ? [join(program.startsWith('/') ? '' : path, program)]
      : folders.map((folder) => join(folder, program));
    if (!places.some(isFile)) {
      const fix = 'Install it, correct its name, or name its folder under "tools"';
      return [{ field, problem: `the program ${program} is not found`, fix }];
    }
    if (!/^node_modules\//.test(script) || isFile(join(path, script))) return [];
    return [{ field, problem: `there is no file ${script} in ${path}`, fix: 'Install the dependencies, or correct the path' }];
  });
}

const refused = (field: string, problem: string, fix: string): Place => ({ kind: 'refused', faults: [{ field, problem, fix }] });
const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

function real(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
