import { z } from 'zod';
import { TaskId } from './ids.ts';
import { isLoopbackUrl } from './loopback.ts';
import { ProjectName } from './projects-file.ts';

/** What a task pays for when it names no budget of its own, in US dollars. */
export const DEFAULT_MIN_BUDGET_USD = 0.05;
export const DEFAULT_MAX_BUDGET_USD = 0.1;
/** The longest prompt or command that enters, in characters. */
export const MAX_PROMPT_CHARS = 200_000;

export const MaxTokens = z
  .number()
  .int()
  .min(1)
  .max(65_536)
  .describe('Length of an answer at most; left out: what budget and model allow, at most 16,384 tokens');

const PRIORITY_WORDS = { low: -10, medium: 0, normal: 0, high: 10 } as const;

const Priority = z.union([
  z.number().int().min(-1000).max(1000),
  z
    .enum(['low', 'medium', 'normal', 'high'])
    .transform((word): number => PRIORITY_WORDS[word])
    .pipe(z.number()),
]);

const RelativePath = z
  .string()
  .min(1)
  .refine((path) => !path.startsWith('/') && !path.split(/[\\/]/).includes('..') && !path.includes('\0'), {
    message: 'give a path inside the workspace, without ".."',
  });

const Text = z.string().trim().min(1).max(MAX_PROMPT_CHARS);

const Paths = z.union([RelativePath.transform((path) => [path]), z.array(RelativePath).max(200)]);

const Globs = z.union([Text.transform((list) => splitIds(list)), z.array(z.string().min(1).max(300)).min(1).max(200)]);

const TestsByGate = z.strictObject({ unit: Text.optional(), integration: Text.optional(), e2e: Text.optional() });
const Tests = z.union([Text.transform((unit): z.infer<typeof TestsByGate> => ({ unit })), TestsByGate]);

const LoopbackUrl = z
  .string()
  .refine((url) => isLoopbackUrl(url, ['http:']), { message: 'give an http URL of this machine, e.g. http://127.0.0.1:3000/' });
const HttpProbe = z.union([
  LoopbackUrl.transform((url) => ({ url, status: 200 })),
  z.strictObject({
    url: LoopbackUrl,
    status: z.number().int().min(100).max(599).default(200),
    contains: z.string().min(1).max(1_000).optional(),
  }),
]);

/**
 * One unit of work as the runtime keeps it, after aliases are resolved and defaults filled.
 * Budgets are US dollars. Unknown keys survive a round trip, so a hand-edited file loses nothing.
 */
export const Task = z
  .looseObject({
    id: TaskId.describe('Stable id; also names task_locks/<id>.lock'),
    type: z.string().default('cycle'),
    prompt: Text.optional().describe('What the resident is asked to do'),
    command: Text.optional().describe('A local command, run without a shell; implies mode local'),
    mode: z.enum(['llm', 'local']).optional(),
    model: z.string().min(1).max(200).optional(),
    critic_model: z.string().min(1).max(200).optional().describe('Model of the review call'),
    min_budget: z.number().min(0).default(DEFAULT_MIN_BUDGET_USD),
    max_budget: z.number().min(0).default(DEFAULT_MAX_BUDGET_USD).describe('Spending cap of the task, US dollars'),
    intensity: z.enum(['low', 'medium', 'high']).default('medium'),
    priority: Priority.default(0).describe('Higher runs first; high = 10, low = -10'),
    depends_on: z.array(TaskId).default([]).describe('Ids that must be approved first'),
    parallel_safe: z.boolean().default(true).describe('false: runs alone among the tasks of one worker'),
    identity_id: z.string().min(1).max(128).optional().describe('Pins the task to one resident'),
    reward: z.number().min(0).optional(),
    max_tokens: MaxTokens.optional(),
    temperature: z.number().min(0).max(2).optional(),
    timeout: z.number().int().min(1).max(3600).optional().describe('Seconds'),
    expect_file: RelativePath.optional().describe('A file the work must leave behind, relative to the workspace'),
    output_schema: z.record(z.string(), z.unknown()).optional().describe('JSON schema the answer must satisfy'),
    skill: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .describe('Name of the skill that does the work, or helps a model with the prompt'),
    gates: z.boolean().optional().describe('It changes code: approved only once its change went through the quality gates'),
    tests: Tests.optional().describe(
      'Local commands that test the work: the unit tests, or an object with unit, integration, e2e',
    ),
    expect_http: HttpProbe.optional().describe('A loopback URL that must answer once the work is done'),
    project: ProjectName.optional().describe('The project of config/projects.json that it changes; `gates` is then true'),
    paths: Globs.optional().describe('Globs within the project; it changes these alone'),
    kind: z
      .enum(['fix', 'feature', 'refactor', 'docs', 'test', 'chore'])
      .optional()
      .describe('Kind of change; `fix` wants a test that was red before'),
    executor: z.string().min(1).max(64).optional().describe("Who does the hands-on work; the project's own choice when left out"),
    suites: z
      .array(ProjectName)
      .max(20)
      .optional()
      .describe("Suites that its tests are run with; all of the project's when left out"),
    files_created: Paths.optional().describe('Declared paths: the work writes these and no others'),
    files_modified: Paths.optional(),
    artifacts: Paths.optional(),
    decompose: z.union([z.boolean(), z.string()]).optional(),
    max_subtasks: z.number().int().min(1).max(50).optional(),
    phase4_skip: z.boolean().optional(),
    clarify: z.boolean().optional(),
    parent_task_id: TaskId.optional(),
    discussion_room: z.string().min(1).max(64).optional(),
    title: z.string().max(240).optional(),
    author_id: z.string().max(128).optional(),
    proposed: z.boolean().optional().describe('Held until a person accepts it'),
  })
  .superRefine((task, ctx) => {
    const refuse = (path: string, message: string) => ctx.addIssue({ code: 'custom', path: [path], message });
    if (!task.prompt && !task.command && !task.skill) refuse('prompt', 'give a prompt, a command or a skill');
    if (task.mode === 'local' && !task.command) refuse('command', 'mode local needs a command');
    if (task.depends_on.includes(task.id)) refuse('depends_on', 'a task cannot depend on itself');
  })
  .meta({ id: 'Task' });
export type Task = z.infer<typeof Task>;

/** The log decides a task's status, and no file may say what a task inherits. */
const DROPPED: ReadonlySet<string> = new Set(['status', '__proto__']);
const PROMPT_ALIASES = ['prompt', 'instruction', 'description', 'atomic_instruction', 'task'] as const;

/**
 * Turn a task as people write it into one the contract reads: aliases of `prompt`, `command` and `identity_id` are
 * folded into the canonical key, explicit nulls count as absent.
 * Anything that is not an object is returned as it is, for the schema to refuse with its own message.
 */
export function canonicalTask(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  const task: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(input)) if (value !== null && !DROPPED.has(key)) task[key] = value;
  const mode = typeof task['mode'] === 'string' ? task['mode'].trim().toLowerCase() : task['mode'];
  if (mode === '') delete task['mode'];
  else if (mode !== undefined) task['mode'] = mode;
  if (task['command'] === undefined && task['shell'] !== undefined) task['command'] = task['shell'];
  delete task['shell'];
  if (mode === 'local' && task['command'] === undefined && task['task'] !== undefined) {
    task['command'] = task['task'];
    delete task['task'];
  }
  foldPromptAliases(task);
  if (task['identity_id'] === undefined && task['resident_identity'] !== undefined)
    task['identity_id'] = task['resident_identity'];
  delete task['resident_identity'];
  if (typeof task['depends_on'] === 'string') task['depends_on'] = splitIds(task['depends_on']);
  if (task['command'] !== undefined && task['mode'] === undefined) task['mode'] = 'local';
  if (task['project'] !== undefined && task['gates'] === undefined) task['gates'] = true;
  return task;
}

/** Every path that a task says it writes. Empty: it says nothing about paths. */
export function declaredPaths(task: Pick<Task, 'expect_file' | 'files_created' | 'files_modified' | 'artifacts'>): string[] {
  const { expect_file, files_created = [], files_modified = [], artifacts = [] } = task;
  return [...new Set([...(expect_file === undefined ? [] : [expect_file]), ...files_created, ...files_modified, ...artifacts])];
}

/** Ids from a comma-separated list; blanks around and between commas are dropped. */
export function splitIds(list: string): string[] {
  return list
    .split(',')
    .map((id) => id.trim())
    .filter(Boolean);
}

function foldPromptAliases(task: Record<string, unknown>): void {
  const used = PROMPT_ALIASES.find((key) => task[key] !== undefined && task[key] !== '');
  if (used === undefined) return;
  const text = task[used];
  for (const key of PROMPT_ALIASES) if (key === used) delete task[key];
  task['prompt'] = text;
}
