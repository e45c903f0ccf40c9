import type { z } from 'zod';
import { fieldProblemsOf, InvalidInputError } from '../errors/index.ts';
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
  throw new InvalidInputError(file, fieldProblemsOf(checked.error, { at: 'file' }), fix);
}
