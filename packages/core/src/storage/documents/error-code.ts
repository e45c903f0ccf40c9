/** The errno name of a failure, e.g. `ENOENT`; empty when it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** What a person can do about a file operation that the system refused. */
export function fixFor(cause: unknown): string {
  const code = codeOf(cause);
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'Free some disk space; the next write tries again';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'Give the user who runs Vivarium write access to it';
  return 'Look at the disk and the path, then try again';
}
