const MOST_ALTERNATIVES = 64;

/**
 * Whether a glob names exactly this path: `*` and `?` stay within one component, `**` stands for any number of them, one
 * at least when it comes last, and `{a,b}` for either. Every other character, brackets too, stands for itself. The time it
 * takes grows with both lengths multiplied, whatever they hold, since residents write globs as well.
 */
export const matches = (glob: string, path: string): boolean => compiled([glob]).matches(path);

/** Whether a glob names this path or a folder that it lies in: how prohibitions are read. */
export const covers = (glob: string, path: string): boolean => compiled([glob]).covers(path);

/** A list of globs made ready: whether any of them names a path, or a folder that it lies in. */
export interface Globs {
  matches(path: string): boolean;
  covers(path: string): boolean;
}

export function compiled(globs: readonly string[]): Globs {
  const patterns = globs.flatMap(alternatives).map(componentsOf);
  return {
    matches: (path) => some(patterns, path.split('/'), false),
    covers: (path) => some(patterns, path.split('/'), true),
  };
}

/** Whether some path lies under both lists, each read as `covers` reads it. */
export function overlap(one: readonly string[], other: readonly string[]): boolean {
  const [left, right] = [one, other].map((globs) => globs.flatMap(alternatives).map((glob) => [...componentsOf(glob), '**']));
  return left?.some((a) => right?.some((b) => meet(a, b, '**', bothFit))) ?? false;
}

/** Why a text is no glob of a project, or undefined. */
export function globProblem(glob: string): string | undefined {
  if (glob.startsWith('/') || /^[a-z]:/i.test(glob)) return 'starts at the root; write it relative to the project';
  if (glob.includes('\\')) return 'holds a backslash; folders are separated by "/"';
  if (glob.startsWith('!')) return 'starts with "!"; what is forbidden stands in "never"';
  const parts = glob.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return 'has an empty, "." or ".." component';
  if (parts.some((part) => part.includes('**') && part !== '**'))
    return 'has "**" beside other characters; it stands for whole folders';
  if (alternatives(glob).length > MOST_ALTERNATIVES)
    return `stands for more than ${MOST_ALTERNATIVES} globs; write fewer "{a,b}"`;
  return undefined;
}

/** The globs that one with `{a,b}` stands for. Beyond the limit it stays as it is and matches next to nothing. */
function alternatives(glob: string): readonly string[] {
  let done: string[] = [];
  let open = [glob];
  while (open.length > 0 && done.length + open.length <= MOST_ALTERNATIVES) {
    const next: string[] = [];
    for (const each of open) {
      const braces = /\{([^{}]*,[^{}]*)\}/.exec(each);
      if (!braces) done = [...done, each];
      else next.push(...(braces[1] ?? '').split(',').map((choice) => each.replace(braces[0], () => choice)));
    }
    open = next;
  }
  return [...done, ...open];
}

/** A last `**` asks for one component at least: `src/**` is what lies in `src`. */
function componentsOf(glob: string): readonly string[] {
  const parts = glob.split('/');
  return parts.at(-1) === '**' ? [...parts.slice(0, -1), '*', '**'] : parts;
}

const some = (patterns: readonly (readonly string[])[], parts: readonly string[], folders: boolean): boolean =>
  patterns.some((pattern) => alike(pattern, parts, '**', component, folders));

/**
 * Greedy matching that goes back to the last wildcard alone, over components or letters. With `prefix` it is enough that
 * the beginning of the text fits.
 */
function alike(
  patterns: readonly string[] | string,
  text: readonly string[] | string,
  wild: string,
  fits: (pattern: string, part: string) => boolean,
  prefix = false,
): boolean {
  let [at, next, mark] = [0, 0, 0];
  let back = -1;
  for (let part = text[at]; part !== undefined; part = text[at]) {
    const wanted = patterns[next];
    if (wanted === wild) {
      back = next;
      mark = at;
      next += 1;
    } else if (wanted === undefined && prefix) {
      return true;
    } else if (wanted !== undefined && fits(wanted, part)) {
      at += 1;
      next += 1;
    } else if (back >= 0) {
      mark += 1;
      at = mark;
      next = back + 1;
    } else return false;
  }
  while (patterns[next] === wild) next += 1;
  return next === patterns.length;
}

const component = (pattern: string, part: string): boolean =>
  pattern === part || (/[*?]/.test(pattern) && alike(pattern, part, '*', letter));
const letter = (wanted: string, found: string): boolean => wanted === '?' || wanted === found;

/** Whether one text fits both patterns: which pairs of beginnings some text fits, row by row. */
function meet(
  a: readonly string[] | string,
  b: readonly string[] | string,
  wild: string,
  fit: (a: string, b: string) => boolean,
) {
  let row: boolean[] = [];
  for (let at = 0; at <= a.length; at += 1) {
    const before = row;
    row = [];
    for (let next = 0; next <= b.length; next += 1) {
      const [one, other] = [a[at - 1], b[next - 1]];
      const grows = (one === wild || other === wild) && (before[next] === true || row[next - 1] === true);
      const steps = one !== undefined && other !== undefined && before[next - 1] === true && fit(one, other);
      row[next] = (at === 0 && next === 0) || grows || steps;
    }
  }
  return row[b.length] === true;
}

const bothFit = (a: string, b: string): boolean => a === b || (/[*?]/.test(a + b) && meet(a, b, '*', eitherFits));
const eitherFits = (a: string, b: string): boolean => a === '?' || letter(b, a);
