import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

/** What pnpm writes when it is done. */
export const MODULES = join(ROOT, 'node_modules', '.modules.yaml');
const LOCKFILE = join(ROOT, 'pnpm-lock.yaml');

/** Folders of a repository that have a package.json of their own. */
export function projectsIn(root) {
  const folders = ['.', ...readdirSync(join(root, 'packages')).map((name) => join('packages', name))];
  return folders.map((folder) => join(root, folder)).filter((folder) => existsSync(join(folder, 'package.json')));
}

/** True when the lockfile is newer than what is installed, or nothing is. */
export const isOutdated = () => modified(LOCKFILE) > modified(MODULES);

/**
 * The first package that the lockfile names for this machine and that is not there whole enough to be found: half of an
 * installation, one for another system, one without development dependencies. Undefined: everything is there.
 */
export function missingPackage(root = ROOT) {
  const store = join(root, 'node_modules', '.pnpm');
  const folders = existsSync(store) ? readdirSync(store) : [];
  const lacking = lockedPackages(root).find((wanted) => !isStored(store, folders, wanted));
  if (lacking) return lacking.name;
  for (const project of projectsIn(root)) {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
    for (const name of Object.keys({ ...dependencies, ...devDependencies }))
      if (!existsSync(join(project, 'node_modules', name, 'package.json'))) return name;
  }
  return undefined;
}

/** What the lockfile wants on every machine, and what it has for machines like this one. */
function lockedPackages(root) {
  const text = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
  const optional = new Set(
    entriesOf(text, 'snapshots').flatMap(({ id, body }) => (/^ {4}optional: true/m.test(body) ? [id] : [])),
  );
  return entriesOf(text, 'packages').filter(({ id, body }) =>
    optional.has(id) ? /^ {4}(os|cpu): /m.test(body) && isForThisMachine(body) : true,
  );
}

/** The entries of one section: `id` is name and version, without the peers. */
function entriesOf(text, section) {
  const [, lines = ''] = new RegExp(`^${section}:\\n([\\s\\S]*?)(?=^\\S|$(?![\\s\\S]))`, 'm').exec(text) ?? [];
  return lines.split(/\n(?= {2}\S)/).flatMap((body) => {
    const [, id, name, version] = /^\s*'?((@?[^'@]+)@([^'(:]+))[^:]*:/.exec(body) ?? [];
    return id === undefined ? [] : [{ id, name, version, body }];
  });
}

function isForThisMachine(body) {
  const allows = (field, value) => {
    const [, list] = new RegExp(`^ {4}${field}: \\[(.*)\\]`, 'm').exec(body) ?? [];
    if (list === undefined) return true;
    const words = list.split(',').map((word) => word.trim().replaceAll("'", ''));
    const refused = words.filter((word) => word.startsWith('!'));
    return refused.length > 0 ? !refused.includes(`!${value}`) : words.includes(value);
  };
  return allows('os', process.platform) && allows('cpu', process.arch) && (!/^ {4}libc:/m.test(body) || allows('libc', libc()));
}

let known;
function libc() {
  if (known === undefined) {
    process.report.excludeNetwork = true;
    known = process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
  }
  return known;
}

/** A package lies once for each set of peers it was installed with. */
function isStored(store, folders, { name, version }) {
  const start = `${name.replace('/', '+')}@${version}`;
  return folders.some(
    (folder) =>
      (folder === start || folder.startsWith(`${start}_`)) &&
      existsSync(join(store, folder, 'node_modules', name, 'package.json')),
  );
}

const modified = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
