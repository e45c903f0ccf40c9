import { firstFile, joinOutput, runCommand, type Tools } from '@vivarium/sandbox';
import { compileDenied, type Denied } from './denied.ts';
import { type Parsed, readArguments } from './grammar.ts';
import { judgePath, type Place } from './operands.ts';
import { locate, maskedPaths } from './place.ts';
import { type CommandPolicy, loadPolicy, type Program } from './policy.ts';
import { findHidden, type Hidden } from './scan.ts';
import { runSkill } from './skill-run.ts';
import { openSkillFinder, type SkillFinder } from './skills.ts';
import { probeSandbox, statusOf } from './status.ts';
import type { LocalRequest, LocalResult, LocalRunner, Refusal } from './types.ts';
import { refuse, splitWords } from './words.ts';

/** More masks than this would not fit one command line. */
const MAX_MASKS = 1_000;

export interface LocalOptions {
  readonly installation: string;
  /** false: as on a machine without a sandbox. */
  readonly sandbox?: boolean;
}

/** What every run needs: the policy, compiled, and the tools of this machine. */
export interface Machine {
  readonly policy: CommandPolicy;
  readonly denied: Denied;
  readonly tools: Tools;
  readonly installation: string;
  readonly skills: SkillFinder;
}

/**
 * Open local execution: read `config/commands.json` of the installation, find the programs, try the sandbox once.
 * @throws InvalidInputError naming every field of the file that is wrong
 */
export async function openLocalRunner({ installation, sandbox = true }: LocalOptions): Promise<LocalRunner> {
  const policy = loadPolicy(installation);
  const probe = await probeSandbox(sandbox);
  const skills = openSkillFinder(installation);
  const machine: Machine = { policy, denied: compileDenied(policy.denied), tools: probe.tools, installation, skills };
  const programs = findPrograms(policy);
  return {
    runLocal: (request) => runLocal(machine, programs, request),
    runSkill: (request) => runSkill(machine, request),
    listSkills: async (paths) => skills.list(paths),
    sandboxStatus: async () => statusOf(probe, policy, programs),
  };
}

/** Where each program lies; decided once, from fixed folders and never from PATH. */
export type Programs = ReadonlyMap<string, string | undefined>;

function findPrograms({ programs, program_directories }: CommandPolicy): Programs {
  const entries = Object.entries(programs).map(([name, { path }]) => {
    const places = path === undefined ? program_directories.map((folder) => `${folder}/${name}`) : [path];
    return [name, firstFile(places)] as const;
  });
  return new Map(entries);
}

async function runLocal(machine: Machine, programs: Programs, request: LocalRequest): Promise<LocalResult> {
  const split = splitWords(request.command);
  if (split.kind === 'refused') return split;
  const [name = '', ...words] = split.words;
  const found = findProgram(machine.policy, programs, name);
  if ('kind' in found) return found;
  const parsed = readArguments(name, found.program, words, machine.denied);
  if (parsed.kind === 'refused') return parsed;
  const place = locate(request.paths, machine.denied);
  const judged = await judgeOperands(parsed, place);
  if (judged.kind === 'refused') return judged;
  const hidden = await hiddenFrom(machine, found.program, judged, place);
  if (hidden && 'kind' in hidden) return hidden;
  const argv = [found.path, ...argumentsOf(machine, found.program, parsed, judged, hidden)];
  return execute(machine, found.program, place, hidden, argv, request);
}

interface Found {
  readonly program: Program;
  readonly path: string;
}

function findProgram(policy: CommandPolicy, programs: Programs, name: string): Found | Refusal {
  const known = Object.keys(policy.programs).join(', ');
  if (name.includes('/')) {
    return refuse('command.program_path', `"${name}" names a folder`, `Write the program's name alone; allowed are ${known}`);
  }
  const program = Object.hasOwn(policy.programs, name) ? policy.programs[name] : undefined;
  if (!program) {
    const fix = `Use one of ${known}; a person can add programs in config/commands.json`;
    return refuse('command.program', `"${name}" is not among the allowed programs`, fix);
  }
  const path = programs.get(name);
  if (path !== undefined) return { program, path };
  return refuse('command.program_missing', `${name} is not installed`, `Install ${name} from the system's packages (see doctor)`);
}

interface Operands {
  readonly kind: 'operands';
  readonly words: readonly string[];
  /** Whether a folder is named, or none: then the program reads the whole workspace. */
  readonly folder: boolean;
}

async function judgeOperands(parsed: Parsed, place: Place): Promise<Operands | Refusal> {
  const words: string[] = [];
  let folder = parsed.operands.every(({ kind }) => kind === 'text');
  for (const { kind, text } of parsed.operands) {
    if (kind === 'text') words.push(text);
    else {
      const judged = await judgePath(text, place);
      if (judged.kind === 'refused') return judged;
      folder ||= judged.folder;
      words.push(judged.text);
    }
  }
  for (const path of parsed.paths) {
    const judged = await judgePath(path, place);
    if (judged.kind === 'refused') return judged;
  }
  return { kind: 'operands', words, folder };
}

/** What to keep from a program that opens files by itself. */
async function hiddenFrom(
  machine: Machine,
  program: Program,
  { folder }: Operands,
  place: Place,
): Promise<Hidden | Refusal | undefined> {
  if (program.reads !== 'trees') return undefined;
  const caged = machine.tools.bwrap !== undefined;
  if (!caged && program.deny_flag === undefined) {
    return refuse('command.sandbox_missing', 'this program opens files by itself and there is no sandbox', 'Install bubblewrap');
  }
  if (!folder && program.deny_flag !== undefined) return undefined;
  const hidden = await findHidden(place.root, place.denied);
  if (hidden.complete && hidden.paths.length <= MAX_MASKS) return hidden;
  const fix = 'Name the files or a smaller folder to read, or move what is not needed out of the workspace';
  return refuse('command.too_many_files', 'the workspace is too large to keep its secrets out of this program', fix);
}

function argumentsOf(
  { denied }: Machine,
  program: Program,
  { flags }: Parsed,
  { words }: Operands,
  hidden: Hidden | undefined,
): string[] {
  const denyFlag = program.deny_flag;
  const globs = denyFlag === undefined ? [] : [...denied.globs, ...(hidden?.paths ?? []).map(literalGlob)];
  // Denied globs come last among the flags, so no flag of the command outranks them, and before "--", so they are flags.
  const denials = globs.map((glob) => (denyFlag ?? '').replace('{glob}', () => glob));
  const end = program.free_text || words.length === 0 ? [] : ['--'];
  return [...program.prepend, ...flags, ...denials, ...end, ...words];
}

/** A path from the workspace as a glob that means only itself. */
const literalGlob = (path: string): string => `/${path.replace(/[*?[\]{}\\!]/g, '\\$&')}`;

async function execute(
  { policy, tools }: Machine,
  program: Program,
  place: Place,
  hidden: Hidden | undefined,
  argv: readonly string[],
  request: LocalRequest,
): Promise<LocalResult> {
  const limits = { ...policy.limits, ...defined(program.limits ?? {}) };
  const masked = program.deny_flag === undefined ? await maskedPaths(place, hidden) : await maskedPaths(place);
  const cpuSeconds = Math.ceil(request.timeoutMs / 1_000) + 1;
  const { timeoutMs, signal } = request;
  const cage = { tools, workspace: place.root, limits, cpuSeconds, masked };
  const ended = await runCommand({ ...cage, argv, timeoutMs, outputBytes: limits.output_bytes, signal });
  const { stdout, stderr, report: _, ...rest } = ended;
  return { kind: 'ran', ...rest, ...joinOutput({ stdout, stderr }, limits.output_bytes) };
}

/** The limits a program sets for itself, without those it leaves out. */
function defined(limits: NonNullable<Program['limits']>): Partial<CommandPolicy['limits']> {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}
