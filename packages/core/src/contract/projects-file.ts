import { z } from 'zod';

/** What a project, a suite and a command may be called: names stand in folder names, refs and prompts. */
export const ProjectName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'use 1 to 64 small letters, digits, dashes or underscores');
const Glob = z.string().min(1).max(300);
const Argv = z.array(z.string().min(1).max(1_000)).min(1, 'name the program and its arguments').max(60);

/** How a suite says what it ran. `none`: only the exit counts, which proves nothing of tests. */
export const REPORTS = ['junit', 'vitest-json', 'go-json', 'tap', 'cargo', 'none'] as const;
export const GATE_NAMES = ['vote', 'qa', 'unit', 'integration', 'e2e'] as const;

export const Suite = z.strictObject({
  argv: Argv.describe('Program and arguments; no shell. `{out}` is the report folder'),
  report: z.enum(REPORTS),
  /** Present where single files can be run: their paths are appended. */
  only: z.enum(['paths']).optional(),
  timeout_s: z.int().min(1).max(3_600).default(120),
  reads_clock: z.boolean().default(false),
});
export type Suite = z.infer<typeof Suite>;

export const ProjectCommand = z.strictObject({
  argv: Argv,
  args: z.enum(['paths', 'none']).default('none'),
  writes: z.boolean().default(false),
});
export type ProjectCommand = z.infer<typeof ProjectCommand>;

export const ProjectLimits = z.strictObject({
  memory_mb: z.int().min(16).max(65_536).default(2_048),
  disk_mb: z.int().min(1).max(65_536).default(512),
  processes: z.int().min(4).max(4_096).default(256),
  files_changed: z.int().min(1).max(10_000).default(50),
  lines_changed: z.int().min(1).max(1_000_000).default(2_000),
  file_kb: z.int().min(1).max(102_400).default(512),
});
export type ProjectLimits = z.infer<typeof ProjectLimits>;

/** One project as its person allows it. Paths and globs are relative to the project but `path` and `tools`. */
export const ProjectSettings = z.strictObject({
  path: z.string().min(1).max(4_096).describe('Absolute path of the repository'),
  branch: z.string().min(1).max(240).default('main'),
  land: z.enum(['ask', 'auto', 'patch']).default('ask'),
  into: z.enum(['checkout', 'ref']).default('checkout'),
  approval: z.enum(['exact', 'same_files']).default('same_files'),
  may_touch: z.array(Glob).min(1, 'name what residents may change, e.g. "src/**"').max(200),
  ask_for: z.array(Glob).max(200).default([]),
  never: z.array(Glob).max(200).default([]),
  withhold: z.array(Glob).max(200).default([]),
  tests_are: z.array(Glob).max(200).default([]),
  dependencies: z
    .array(
      z.strictObject({
        at: z.string().min(1).max(300),
        from: z.string().min(1).max(300),
        key: z.array(z.string()).max(20).default([]),
      }),
    )
    .max(20)
    .default([]),
  tools: z.array(z.string().min(1).max(4_096)).max(20).default(['/usr']),
  environment: z
    .record(z.string().regex(/^[A-Z_][A-Z0-9_]*$/i, 'is not the name of a variable'), z.string().max(4_096))
    .default({}),
  suites: z.record(ProjectName, Suite),
  commands: z.record(ProjectName, ProjectCommand).default({}),
  limits: ProjectLimits.default(ProjectLimits.parse({})),
  gates: z.array(z.enum(GATE_NAMES)).default([...GATE_NAMES]),
  mutation_probe: z.enum(['advise', 'reject', 'off']).default('advise'),
  executor: z.string().min(1).max(64).default('built-in'),
  max_steps: z.int().min(1).max(200).default(40),
});
export type ProjectSettings = z.infer<typeof ProjectSettings>;

/** `config/projects.json` of the workspace. */
export const ProjectsFile = z.strictObject({
  version: z.literal(1),
  projects: z.record(ProjectName, ProjectSettings),
});
export type ProjectsFile = z.infer<typeof ProjectsFile>;
