import type { CommandPolicy } from './policy.ts';

/** Which names and paths no command may read, compiled once. Matching ignores case. */
export interface Denied {
  /** The rule that denies a path from the workspace, or undefined. `path` uses `/` and has no `.` or `..` parts. */
  deny(path: string): string | undefined;
  /** Whether this one component is the name of a secret. */
  secretName(name: string): boolean;
  /** Everything denied, as globs for a search tool. */
  readonly globs: readonly string[];
}

export function compileDenied({ names, allowed_names, paths }: CommandPolicy['denied']): Denied {
  const nameRules = names.map((glob) => ({ glob, pattern: globPattern(glob) }));
  const allowed = allowed_names.map(globPattern);
  const pathRules = paths.map((glob) => ({ glob, pattern: globPattern(glob) }));
  const nameRule = (name: string) =>
    allowed.some((pattern) => pattern.test(name)) ? undefined : nameRules.find(({ pattern }) => pattern.test(name))?.glob;
  return {
    deny(path) {
      const parts = path.split('/').filter(Boolean);
      for (const [index, part] of parts.entries()) {
        const rule = nameRule(part);
        if (rule !== undefined) return rule;
        const prefix = parts.slice(0, index + 1).join('/');
        const byPath = pathRules.find(({ pattern }) => pattern.test(prefix));
        if (byPath) return byPath.glob;
      }
      return undefined;
    },
    secretName: (name) => nameRule(name) !== undefined,
    globs: [...names, ...paths],
  };
}

/** Why a person's glob may not be searched, or undefined. */
export function deniedGlob(denied: Denied, glob: string): string | undefined {
  if (glob.length > 500) return 'is longer than 500 characters';
  const parts = glob.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return 'leads out of the workspace';
  if (/(?:^|[/{,[])\.(?![./]|$)/.test(glob)) return 'reaches for hidden files';
  const last = parts.at(-1) ?? '';
  if (denied.secretName(last) || denied.deny(parts.join('/')) !== undefined) return 'reaches for secrets';
  return undefined;
}

/** A glob as a pattern for the whole text: `*` stays inside one component, `**` crosses. */
function globPattern(glob: string): RegExp {
  const source = glob
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => {
      if (part === '**/') return '(?:[^/]+/)*';
      if (part === '**') return '.*';
      if (part === '*') return '[^/]*';
      if (part === '?') return '[^/]';
      return part.replace(/[.+^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`, 'i');
}
