import { refusalBehind } from '../errors/index.ts';

/** The errno name of a failure, e.g. `ENOENT`; empty when it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** What a person can do about a file operation that the system refused. */
export const fixFor = (cause: unknown): string => refusalBehind(cause)?.fix ?? 'Look at the disk and the path, then try again';
