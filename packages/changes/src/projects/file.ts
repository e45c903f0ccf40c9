import { createHash } from 'node:crypto';
import {
  fieldProblemsOf,
  nearest,
  type Project,
  type ProjectFinding,
  ProjectName,
  ProjectSettings,
  placeAt,
  readTextFile,
  settingsFaults,
  stableJson,
} from '@vivarium/core';
import { type Node, type ParseError, parse, parseTree, printParseErrorCode } from 'jsonc-parser';

/** The file as it reads: projects whose words are in order, by name, and everything that is wrong with the rest. */
export interface ProjectsRead {
  readonly projects: ReadonlyMap<string, Project>;
  /** Every name that stands in the file, usable or not. */
  readonly names: readonly string[];
  readonly findings: readonly ProjectFinding[];
}

/** How the file may be written beside plain JSON. */
export const COMMENTS_ALLOWED = { allowTrailingComma: true } as const;
const START = 'Write {"version": 1, "projects": {}}, or let it be written: pnpm worker project init <path>';

/** Read `config/projects.json`, comments allowed. One project that is wrong leaves the others as they are. */
export function readProjects(file: string): ProjectsRead {
  const read = readTextFile(file);
  if (read.kind === 'absent') return { projects: new Map(), names: [], findings: [] };
  if (read.kind === 'refused') return unreadable(read.message, read.fix);
  const errors: ParseError[] = [];
  const tree = parseTree(read.text, errors, COMMENTS_ALLOWED);
  const [first] = errors;
  if (first || !tree) {
    const { line, column } = placeAt(read.text, first?.offset ?? 0);
    const what = first
      ? printParseErrorCode(first.error)
          .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
          .toLowerCase()
      : 'the file is empty';
    return unreadable(`does not parse: line ${line}, column ${column}: ${what}`, 'Correct the JSON there');
  }
  const twice = twiceIn(tree);
  if (twice) return unreadable(`${twice} is given twice`, 'Keep one of them');
  return projectsOf(parse(read.text, [], COMMENTS_ALLOWED));
}

const unreadable = (problem: string, fix: string): ProjectsRead => ({
  projects: new Map(),
  names: [],
  findings: [{ project: '', field: 'file', problem, fix }],
});

/** A name that an object holds twice: only one of the two would count, and no reader could tell which. */
function twiceIn(node: Node, at = ''): string | undefined {
  if (node.type !== 'object' && node.type !== 'array') return undefined;
  const seen = new Set<unknown>();
  for (const [index, child] of (node.children ?? []).entries()) {
    const [key, value] = node.type === 'object' ? (child.children ?? []) : [undefined, child];
    const name = `${at}${at === '' ? '' : '.'}${key ? String(key.value) : index}`;
    if (key && seen.has(key.value)) return name;
    if (key) seen.add(key.value);
    const deeper = value && twiceIn(value, name);
    if (deeper) return deeper;
  }
  return undefined;
}

function projectsOf(whole: unknown): ProjectsRead {
  if (!isObject(whole)) return unreadable('is not an object', START);
  const { version, projects = {}, ...rest } = whole;
  const findings: ProjectFinding[] = Object.keys(rest).map((field) => ({
    ...{ project: '', field, problem: 'is not a field of this file' },
    fix: 'It holds "version" and "projects"; remove the field or correct its name',
  }));
  if (version !== 1) findings.push({ project: '', field: 'version', problem: 'must be 1', fix: 'Write "version": 1' });
  if (!isObject(projects))
    return {
      ...unreadable('must be an object', START),
      findings: [...findings, { project: '', field: 'projects', problem: 'must be an object', fix: START }],
    };
  const read = Object.entries(projects).map(([name, block]) => projectOf(name, block));
  // What the file as a whole gets wrong may say what its projects mean, so none of them is used.
  const usable = findings.length === 0 ? read.flatMap(({ project }) => project ?? []) : [];
  const all = [...findings, ...read.flatMap((each) => each.findings), ...samePath(usable)];
  const wrong = new Set(all.map(({ project }) => project));
  return {
    projects: new Map(usable.filter(({ name }) => !wrong.has(name)).map((project) => [project.name, project])),
    names: Object.keys(projects),
    findings: all,
  };
}

interface OneRead {
  readonly project?: Project;
  readonly findings: readonly ProjectFinding[];
}

function projectOf(name: string, block: unknown): OneRead {
  const at = `projects.${name}`;
  const named = ProjectName.safeParse(name);
  if (!named.success) {
    const fix = 'Rename it, e.g. "invoice"';
    return {
      findings: [
        {
          project: name,
          field: at,
          problem: `${JSON.stringify(name)}: ${fieldProblemsOf(named.error, { at })[0]?.message}`,
          fix,
        },
      ],
    };
  }
  const read = ProjectSettings.safeParse(block);
  if (!read.success) {
    const problems = fieldProblemsOf(read.error, { at, under: at });
    return {
      findings: problems.map(({ field, message }) => ({ project: name, field, problem: message, fix: fixOf(field, message) })),
    };
  }
  const faults = settingsFaults(read.data).map(({ field, ...said }) => ({ project: name, field: `${at}.${field}`, ...said }));
  const policy_sha256 = createHash('sha256').update(stableJson(block)).digest('hex');
  return { project: { name, settings: read.data, policy_sha256 }, findings: faults };
}

const FIELDS = Object.keys(ProjectSettings.shape);

/** What helps about a field that the schema refused: the name that was meant, where one is near. */
function fixOf(field: string, message: string): string {
  const unknown = /Unrecognized keys?: "([^"]+)"/.exec(message)?.[1];
  if (unknown === undefined) return `Correct ${field}; docs/how-to/residents-on-your-project.md shows every field`;
  const meant = nearest(unknown, FIELDS);
  return meant ? `Did you mean "${meant}"?` : `Remove it; a project has ${FIELDS.join(', ')}`;
}

/** Two projects in one place would land past each other. */
function samePath(projects: readonly Project[]): ProjectFinding[] {
  return projects.flatMap(({ name, settings: { path } }, index) => {
    const other = projects.slice(0, index).find((each) => each.settings.path === path);
    if (!other) return [];
    const fix = 'Keep one of the two; a task can be narrowed with --paths';
    return [{ project: name, field: `projects.${name}.path`, problem: `is the path of ${other.name} too`, fix }];
  });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
