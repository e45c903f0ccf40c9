import { z } from 'zod';

/** The residents' own loop: always there, without a profile. */
export const BUILT_IN = 'built-in';
const ExecutorName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'use 1 to 64 small letters, digits, dashes or underscores')
  .refine((name) => name !== BUILT_IN, 'built-in is always there and has no profile; use another name');

/** What can stand in braces in `argv`, `files` and `environment`. */
const PLACES = ['folder', 'project', 'url', 'key', 'model', 'prompt'] as const;
export type ExecutorPlace = (typeof PLACES)[number];

const KNOWN = `there are ${PLACES.map((one) => `{${one}}`).join(', ')}`;
const unknownPlace = (text: string): string | undefined =>
  [...text.matchAll(/\{([a-z_]+)\}/g)].find(([, name]) => !PLACES.some((place) => place === name))?.[0];

const Template = z
  .string()
  .max(100_000)
  .refine((text) => unknownPlace(text) === undefined, {
    error: ({ input }) => `${unknownPlace(String(input))} stands for nothing; ${KNOWN}`,
  });
const JsonTemplate = z.record(z.string(), z.unknown()).refine((value) => unknownPlace(JSON.stringify(value)) === undefined, {
  error: ({ input }) => `${unknownPlace(JSON.stringify(input))} stands for nothing; ${KNOWN}`,
});
const Argv = z.array(Template.min(1)).min(1, 'name the program and its arguments').max(100);
const Inside = z
  .string()
  .min(1)
  .max(300)
  .refine((path) => !path.startsWith('/') && !path.split('/').some((part) => part === '..' || part === ''), {
    message: 'give a relative path without ".."',
  });

/** A program that does the hands-on work of a change in its sandbox. */
export const ExecutorProfile = z.strictObject({
  package: z.string().max(200).optional().describe('Where it comes from, e.g. the name of its npm package'),
  tried: z.array(z.string().max(60)).max(20).default([]).describe('Versions that this profile was tried with'),
  folder: z
    .string()
    .regex(/^\//, 'give an absolute path')
    .max(4_096)
    .optional()
    .describe('Where you installed it; seen read-only in the sandbox. Without it the executor cannot be used'),
  needs: z.array(Inside).max(20).default([]).describe('Files that have to be in the folder'),
  protocol: z.enum(['chat', 'responses']).describe('How it asks its model'),
  argv: Argv.describe('Program and arguments. The prompt takes the place of `{prompt}`, or else comes on standard input'),
  version: Argv.optional().describe('Prints its version'),
  files: z
    .record(Inside, z.union([Template, JsonTemplate]))
    .default({})
    .describe('Files of its home: text, or an object that becomes JSON'),
  environment: z.record(z.string().regex(/^[A-Z_][A-Z0-9_]*$/i, 'is not the name of a variable'), Template).default({}),
  limits: z
    .strictObject({
      minutes: z.int().min(1).max(240).default(30),
      memory_mb: z.int().min(64).max(65_536).optional().describe('Where it needs more than the project allows its tests'),
      processes: z.int().min(4).max(4_096).optional(),
    })
    .default({ minutes: 30 }),
});
export type ExecutorProfile = z.infer<typeof ExecutorProfile>;

/** `config/executors.json`: of the installation, and of the workspace, whose fields win. */
export const ExecutorsFile = z.strictObject({
  version: z.literal(1),
  executors: z.record(ExecutorName, z.record(z.string(), z.unknown())),
});
export type ExecutorsFile = z.infer<typeof ExecutorsFile>;
