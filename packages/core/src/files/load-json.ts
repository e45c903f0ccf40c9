import type { z } from 'zod';
import { InvalidInputError } from '../errors/index.ts';
import { readJsonFile } from './read-text.ts';

/**
 * What a file of settings says, checked. `fix` is what to do about a field that is wrong.
 * @throws InvalidInputError naming the encoding, the place in the text, or every field that is wrong
 */
export function loadJsonFile<T>(file: string, schema: z.ZodType<T>, fix: string): T {
  const read = readJsonFile(file);
  if (read.kind === 'absent') throw new InvalidInputError(file, [{ field: 'file', message: 'there is no such file' }], fix);
  if (read.kind === 'refused') throw new InvalidInputError(file, [{ field: 'file', message: read.message }], read.fix);
  const checked = schema.safeParse(read.value);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map((issue) => ({
    field: issue.path.join('.') || 'file',
    message: (issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined) ?? issue.message,
  }));
  throw new InvalidInputError(file, problems, fix);
}
