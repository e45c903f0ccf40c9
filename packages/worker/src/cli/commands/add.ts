import { asOwner, InvalidInputError, type OutputOf, perform, readJsonFile, readTask, splitIds, type Task } from '@vivarium/core';
import { type Command, InvalidArgumentError } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import { tasksFromFile } from '../intake-file.ts';
import type { Output } from '../output.ts';
import { previewOf, previewWords } from '../preview.ts';
import { hasQuest, questOf, withQuest } from '../quest.ts';
import { tokensOrNone } from '../society.ts';
import { inWorld, type TaskWorld } from '../world.ts';

interface AddOptions {
  file?: string;
  command?: string;
  model?: string;
  criticModel?: string;
  minBudget?: number;
  maxBudget?: number;
  intensity?: string;
  priority?: string | number;
  identity?: string;
  decompose?: boolean;
  dryRun?: boolean;
  maxSubtasks?: number;
  clarify?: boolean;
  expectFile?: string;
  outputSchema?: string;
  skill?: string;
  room?: string;
  timeout?: number;
  maxTokens?: number;
  project?: string;
  paths?: string;
  kind?: string;
  executor?: string;
  suites?: string;
  tip?: number;
  promise?: number;
}

/** add: one task from the command line, or many from a file, all or none. */
export function addAdd(program: Command, door: Door): void {
  const add = program.command('add').description('add a task, or with --file many at once, all or none');
  add.argument('[id]', 'letters, digits, dots, dashes, underscores').argument('[prompt]', 'what is to be done');
  add.argument('[deps]', 'comma-separated ids that must be approved first');
  add
    .option('--file <file>', 'a JSON array, {"tasks": […]} or JSON lines; - reads stdin')
    .option('--command <cmd>', 'run this local command instead of asking a model')
    .option('--skill <name>', 'have this skill do it, or help a model with it')
    .option('--model <id>', 'model of the task')
    .option('--critic-model <id>', 'model of the review')
    .option('--min-budget <usd>', 'least money the task needs, US dollars', money)
    .option('--max-budget <usd>', 'most money the task may cost, US dollars', money)
    .option('--intensity <level>', 'low, medium or high')
    .option('--priority <value>', 'low, medium, high, or a whole number; higher runs first', priority)
    .option('--identity <id>', 'pin the task to this resident')
    .option('--tip <tokens>', 'a tip for that resident now (0)', tokensOrNone)
    .option('--promise <tokens>', 'what waits in escrow for that resident until the task is approved (0)', tokensOrNone)
    .option('--decompose', 'let it be split into subtasks')
    .option('--max-subtasks <n>', 'into at most so many', Number)
    .option('--dry-run', 'show what would enter, and the steps it would be split into; add nothing')
    .option('--clarify', 'ask back when it is unclear what is wanted')
    .option('--expect-file <path>', 'a file the work must leave behind, relative to the workspace')
    .option('--output-schema <file>', 'a JSON schema the answer must satisfy')
    .option('--room <name>', 'where the approved result is announced')
    .option('--timeout <seconds>', 'longest time of one call, 1 to 3600', Number)
    .option('--max-tokens <n>', 'longest answer, in tokens', Number);
  projectOptions(add);
  type Words = [string | undefined, string | undefined, string | undefined];
  door.asks<Words, AddOptions>(add, 'add_tasks', (output, options, id, prompt, deps) =>
    inWorld(async (world) => {
      const tasks = await tasksOf(options, id, prompt, deps);
      const dry_run = options.dryRun === true;
      const input = { tasks, listed: tasks.length > 1 };
      // Whatever keeps them out is said before anything is promised for them.
      if (dry_run || hasQuest(options)) await perform(world, 'add_tasks', { ...input, dry_run: true }, asOwner);
      if (dry_run) return preview(output, tasks);
      const enterAll = async () => entered(world, output, await perform(world, 'add_tasks', input, asOwner));
      return hasQuest(options) ? withQuest(world, questOf(options, tasks), enterAll) : enterAll();
    }),
  );
}

/** What a task may say of the project that it changes. */
const projectOptions = (add: Command): Command =>
  add
    .option('--project <name>', 'let it change this project; see: pnpm worker project list')
    .option('--paths <globs>', 'and only what these name in the project, comma-separated')
    .option('--kind <kind>', 'fix, feature, refactor, docs, test or chore; a fix wants a test that was red before')
    .option('--suites <names>', 'the suites it is tested with, comma-separated')
    .option('--executor <name>', "who does the hands-on work (the project's choice)");

/** What adding these tasks would come to, as far as rules can tell; a model may still be asked where they are not sure. */
function preview(output: Output, tasks: readonly Task[]): number {
  const seen = tasks.map((task) => previewOf(task));
  output.result({ dry_run: true, tasks: seen }, seen.map(previewWords).join('\n'));
  return EXIT.done;
}

function entered({ switches }: TaskWorld, output: Output, { added, known }: OutputOf<'add_tasks'>): number {
  if (switches.state() !== 'running') output.say(`the world is ${switches.state()}; it runs after: pnpm worker resume`);
  const words = [
    ...added.map((id) => `added ${id}`),
    ...known.map((id) => `task ${id} already exists with the same content; nothing added`),
  ];
  output.result({ added, known }, words.join('\n'));
  return EXIT.done;
}

async function tasksOf(options: AddOptions, id?: string, prompt?: string, deps?: string): Promise<Task[]> {
  if (options.file !== undefined) {
    if (id === undefined) return tasksFromFile(options.file);
    throw new InvalidInputError('add', [{ field: '--file', message: 'give either a file or one task, not both' }]);
  }
  const missing = [
    ...(id === undefined ? [{ field: 'id', message: 'is missing' }] : []),
    ...(prompt === undefined && options.command === undefined && options.skill === undefined
      ? [{ field: 'prompt', message: 'give a prompt, --command or --skill' }]
      : []),
  ];
  if (missing.length > 0)
    throw new InvalidInputError('add', missing, 'pnpm worker add <id> "<prompt>" [deps], or --file <tasks.json>');
  const read = readTask(written(options, id, prompt, deps), '');
  if (Array.isArray(read))
    throw new InvalidInputError(`Task ${id} cannot enter`, read, 'Nothing was added; see: pnpm worker add --help');
  return [read];
}

/** The task as its author would have written it into `queue.json`. */
function written(options: AddOptions, id?: string, prompt?: string, deps?: string): unknown {
  const { maxBudget, minBudget } = options;
  return {
    id,
    prompt: prompt === '' ? undefined : prompt,
    depends_on: deps === undefined ? [] : splitIds(deps),
    command: options.command,
    skill: options.skill,
    model: options.model,
    critic_model: options.criticModel,
    min_budget: minBudget ?? (maxBudget !== undefined && maxBudget < 0.05 ? maxBudget : undefined),
    max_budget: maxBudget ?? (minBudget !== undefined && minBudget > 0.1 ? minBudget : undefined),
    intensity: options.intensity,
    priority: options.priority,
    identity_id: options.identity,
    decompose: options.decompose,
    max_subtasks: options.maxSubtasks,
    clarify: options.clarify,
    expect_file: options.expectFile,
    discussion_room: options.room,
    timeout: options.timeout,
    max_tokens: options.maxTokens,
    project: options.project,
    paths: options.paths,
    kind: options.kind,
    executor: options.executor,
    suites: options.suites === undefined ? undefined : splitIds(options.suites),
    ...(options.outputSchema === undefined ? {} : { output_schema: schemaIn(options.outputSchema) }),
  };
}

function schemaIn(file: string): unknown {
  const read = readJsonFile(file);
  if (read.kind === 'read') return read.value;
  const message = read.kind === 'absent' ? 'does not exist' : read.message;
  const fix = read.kind === 'absent' ? 'Name a file that holds one JSON schema' : read.fix;
  throw new InvalidInputError('--output-schema', [{ field: file, message }], fix);
}

function money(text: string): number {
  const amount = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(amount) || amount < 0) throw new InvalidArgumentError('give an amount of US dollars from 0 on, e.g. 0.10');
  return amount;
}

function priority(text: string): string | number {
  return /^-?\d+$/.test(text) ? Number(text) : text;
}
