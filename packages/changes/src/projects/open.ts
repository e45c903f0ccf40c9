import {
  nearest,
  type Project,
  type ProjectFinding,
  type Projects,
  type SettingsFault,
  stampOf,
  type WorkspacePaths,
} from '@vivarium/core';
import { placesOf } from '../store/places.ts';
import { markInstalled } from '../witnesses/installed.ts';
import { executorNames } from './executor-names.ts';
import { type ProjectsRead, readProjects } from './file.ts';
import { type Machine, machineFaults, thisMachine } from './machine.ts';
import { ownRules } from './own.ts';
import { dependencyPlaceFaults, folderGlobFaults, placeOf, programFaults, toolFaults } from './place.ts';
import { repositoryFaults } from './repository.ts';

type Places = Pick<WorkspacePaths, 'root' | 'swarm' | 'projectsFile'>;

export interface OpenProjectsOptions {
  readonly paths: Places;
  /** Where Vivarium is installed: the executors that ship are described there. */
  readonly installation: string;
  /** The machine it runs on, unless a test says otherwise. */
  readonly machine?: Machine;
}

/** The projects of a workspace, from its `config/projects.json` as it is at each call. */
export function openProjects({ paths, installation, machine = thisMachine }: OpenProjectsOptions): Projects {
  let known: { readonly stamp: string; readonly read: ProjectsRead } | undefined;
  const read = (): ProjectsRead => {
    const stamp = stampOf(paths.projectsFile);
    if (known?.stamp !== stamp) known = { stamp, read: readProjects(paths.projectsFile) };
    return known.read;
  };
  const executors = () => executorNames([installation, paths.root]);
  return {
    executors: async () => executors(),
    installed: async (project) => markInstalled(placesOf(paths.root, project.name).folder, project),
    list: async () => [...read().projects.values()].map(ownRules),
    get: async (name) => {
      const project = read().projects.get(name);
      return project && ownRules(project);
    },
    async check(name) {
      const { projects, names, findings } = read();
      if (name !== undefined && !names.includes(name) && findings.every(({ project }) => project !== ''))
        return [unknown(name, names)];
      const found = findings.filter(({ project }) => name === undefined || project === name || project === '');
      const asked = [...projects.values()].filter((project) => name === undefined || project.name === name).map(ownRules);
      const faults = asked.length === 0 ? [] : await machineFaults(machine);
      for (const project of asked) {
        found.push(...faults.map((fault) => ({ project: project.name, ...fault })));
        found.push(...(await looked(project, paths, executors())));
      }
      return found;
    },
  };
}

/** What file system and git say of a project whose words are in order. */
async function looked(
  project: Project,
  { root, swarm }: Places,
  executors: readonly string[],
): Promise<readonly ProjectFinding[]> {
  const { name, settings } = project;
  const told = (faults: readonly SettingsFault[]) =>
    faults.map(({ field, ...said }) => ({ project: name, field: `projects.${name}.${field}`, ...said }));
  const place = placeOf(settings, swarm);
  if (place.kind === 'refused') return told(place.faults);
  return told([
    ...dependencyPlaceFaults(settings),
    ...toolFaults(settings.tools, swarm),
    ...folderGlobFaults(settings),
    ...programFaults(settings),
    ...executorFaults(settings.executor, executors),
    ...(await repositoryFaults(root, project)),
  ]);
}

function executorFaults(executor: string, known: readonly string[]): SettingsFault[] {
  if (known.includes(executor)) return [];
  const fix = `Use one of ${known.join(', ')}, or describe it in config/executors.json`;
  return [{ field: 'executor', problem: `there is no executor ${executor}`, fix }];
}

function unknown(name: string, names: readonly string[]): ProjectFinding {
  const meant = nearest(name, names);
  const others = names.length === 0 ? 'there is none yet' : `there are ${names.join(', ')}`;
  const fix = meant ? `Did you mean ${meant}?` : `${others}; write one with: pnpm worker project init <path>`;
  return { project: name, field: `projects.${name}`, problem: 'is not in config/projects.json', fix };
}
