import { foldedPath } from './folded.ts';

/** Longest path in bytes. */
const MOST_BYTES = 300;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a name
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** Whether some file system takes this part of a path for git's own folder. */
export const isGitName = (name: string): boolean => foldedPath(name) === '.git';

/** Why a changed path may not be in a tree, or undefined. `path` is relative, with `/` between names. */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'is empty';
  if (new TextEncoder().encode(path).length > MOST_BYTES) return `is longer than ${MOST_BYTES} bytes`;
  if (LONE_SURROGATE.test(path) || CONTROL.test(path)) return 'contains a control character or bytes that are not UTF-8';
  if (path.startsWith('/')) return 'is not relative';
  if (path.includes('\\')) return 'contains a backslash, which some systems read as a folder';
  if (path !== path.normalize('NFC')) return 'is not in Unicode form NFC';
  for (const name of path.split('/')) {
    if (name === '' || name === '.' || name === '..') return `has the part "${name}"`;
    if (isGitName(name)) return 'has a part that some systems read as .git';
    if (/\p{DI}/u.test(name)) return 'contains an invisible character';
  }
  return undefined;
}

/**
 * Added paths that some file system takes for another one of the tree, each with that one: equal but for case or Unicode
 * form, also in the name of a folder. What collides without them stops nothing.
 */
export function collisions(paths: Iterable<string>, added: ReadonlySet<string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (added.size === 0) return found;
  const spelt = new Map<string, string>();
  const old: string[] = [];
  for (const path of paths) if (!added.has(path)) old.push(path);
  for (const path of old) for (const part of prefixes(path)) spelt.set(foldedCase(part), part);
  for (const path of added) {
    for (const part of prefixes(path)) {
      const other = spelt.get(foldedCase(part));
      if (other !== undefined && other !== part) found.set(path, other);
      else spelt.set(foldedCase(part), part);
    }
  }
  return found;
}

const foldedCase = (path: string): string => path.normalize('NFD').toUpperCase().toLowerCase().normalize('NFC');

/** The path and every folder above it. */
function* prefixes(path: string): Generator<string> {
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) yield path.slice(0, at);
  yield path;
}
