import { join } from 'node:path';
import { loadJsonFile } from '@vivarium/core';
import { z } from 'zod';

const Flag = z.string().regex(/^-([A-Za-z0-9]|-[a-z0-9][a-z0-9-]*)$/, 'write one flag, like "-n" or "--line-number"');
const ValueKind = z.union([
  z.enum(['number', 'size', 'word', 'name', 'any', 'pattern', 'glob', 'path']),
  z.array(z.string().min(1)).min(1),
]);
const OperandKind = z.enum(['text', 'path', 'file']);
const AbsolutePath = z.string().regex(/^\/[^\0]*$/, 'give an absolute path');

/** Ceilings for one run. Bytes are bytes. */
const Limits = z.strictObject({
  output_bytes: z.number().int().min(1024).max(262_144),
  memory_bytes: z.number().int().min(16_777_216),
  processes: z.number().int().min(1),
  open_files: z.number().int().min(16),
  file_bytes: z.number().int().min(0),
  scratch_bytes: z.number().int().min(65_536),
});
export type Limits = z.infer<typeof Limits>;

/** The argument grammar of one program: what is not listed is refused. */
const Program = z.strictObject({
  about: z.string(),
  path: AbsolutePath.optional().describe('Only when the program is in none of the program directories'),
  free_text: z.boolean().default(false).describe('Every word is text, dashes too'),
  prepend: z.array(z.string()).default([]),
  deny_flag: z.string().includes('{glob}').optional().describe('Keeps one denied glob out of a search'),
  flags: z.array(Flag).default([]),
  valued: z.record(Flag, ValueKind).default({}).describe('Flags that always take a value'),
  optional: z.record(Flag, ValueKind).default({}).describe('Flags that may take a value after "="'),
  operands: z.strictObject({
    first: OperandKind.optional(),
    first_given_by: z.array(Flag).default([]).describe('With one of these flags every operand is of kind "rest"'),
    rest: OperandKind,
    min: z.number().int().min(0),
    max: z.number().int().min(0),
  }),
  reads: z.enum(['nothing', 'operands', 'trees']).default('trees').describe('"trees": may open files that no operand names'),
  limits: Limits.partial().optional(),
});
export type Program = z.infer<typeof Program>;
export type ValueKind = z.infer<typeof ValueKind>;
export type OperandKind = z.infer<typeof OperandKind>;

/** `config/commands.json`. */
export const CommandPolicy = z.strictObject({
  version: z.literal(1),
  about: z.string().optional(),
  program_directories: z.array(AbsolutePath).min(1),
  limits: Limits,
  denied: z.strictObject({
    names: z.array(z.string().min(1)).describe('Globs for one path component'),
    allowed_names: z.array(z.string().min(1)).default([]),
    paths: z.array(z.string().min(1)).describe('Globs for a path from the workspace'),
  }),
  programs: z.record(z.string().regex(/^[\w.+-]{1,64}$/, 'a program is named without a folder'), Program),
});
export type CommandPolicy = z.infer<typeof CommandPolicy>;

/**
 * Read the policy of an installation.
 * @throws InvalidInputError naming every field that is wrong
 */
export function loadPolicy(installation: string): CommandPolicy {
  const fix = 'Mend the fields named, or restore the file from the repository; docs/local-commands.md explains each';
  return loadJsonFile(join(installation, 'config', 'commands.json'), CommandPolicy, fix);
}
