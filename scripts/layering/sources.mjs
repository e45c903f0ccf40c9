import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { parseSync } from 'oxc-parser';
import { children } from './walk.mjs';

const SOURCE = /\.(ts|tsx|mts)$/;
const SCRIPT = /\.(ts|tsx|mts|mjs)$/;
const SKIPPED = new Set(['node_modules', 'dist', 'build', 'coverage']);

/**
 * Every source file of the packages below `root`, parsed. Paths are relative to the root, with slashes.
 * An import is `{ specifier, line, typeOnly, lazy, names, target? }`; `target` is the file it means when that is ours.
 */
export function readSources(root) {
  const files = parseFolder(root, 'packages', SOURCE);
  resolveImports(files, files);
  return files;
}

/** The files beside the product that may use it, with imports that lead into `files`. */
export function readUsers(root, files) {
  const users = new Map(['tests', 'bench', 'scripts'].flatMap((folder) => [...parseFolder(root, folder, SCRIPT)]));
  resolveImports(users, files);
  return users;
}

function parseFolder(root, folder, kind) {
  const files = new Map();
  for (const path of walkFolder(join(root, folder), kind)) {
    const file = relative(root, path).split(sep).join('/');
    files.set(file, parseSource(file, readFileSync(path, 'utf8')));
  }
  return files;
}

function resolveImports(sources, files) {
  for (const source of sources.values()) {
    for (const found of source.imports) found.target = resolveImport(source.file, found.specifier, files);
  }
}

/** The package's folder name that a path lies in, e.g. `core`. */
export const packageOf = (file) => file.split('/')[1];

/** Tests and the testing kit may use what the product may not. */
export const isTest = (file) => /\.test\.tsx?$/.test(file) || file.includes('/testing/');

function* walkFolder(folder, kind) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walkFolder(path, kind);
    else if (kind.test(entry.name) && !entry.name.endsWith('.d.ts')) yield path;
  }
}

function parseSource(file, text) {
  const { program, comments, errors } = parseSync(file, text);
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const lineAt = (offset) => starts.findLastIndex((start) => start <= offset) + 1;
  const unreadable = errors[0] && { line: lineAt(errors[0].labels[0]?.start ?? 0), message: errors[0].message };
  return { file, text, program, comments, lineAt, unreadable, imports: importsOf(program, lineAt) };
}

function importsOf(program, lineAt) {
  const imports = [];
  const visit = (node) => {
    const found = importIn(node);
    if (found) imports.push({ ...found, node, line: lineAt(node.start) });
    for (const { node: child } of children(node)) visit(child);
  };
  visit(program);
  return imports;
}

function importIn(node) {
  const specifier = node.source?.value;
  if (typeof specifier !== 'string') return undefined;
  if (node.type === 'ImportDeclaration') {
    const typeOnly = node.importKind === 'type' || allTypes(node.specifiers, 'importKind');
    const names = node.specifiers.filter((each) => each.importKind !== 'type').map((each) => each.imported?.name ?? '*');
    return { specifier, typeOnly, lazy: false, names };
  }
  if (node.type === 'ExportNamedDeclaration') {
    const typeOnly = node.exportKind === 'type' || allTypes(node.specifiers, 'exportKind');
    return { specifier, typeOnly, lazy: false, names: node.specifiers.map(({ local }) => local.name) };
  }
  if (node.type === 'ExportAllDeclaration') {
    return { specifier, typeOnly: node.exportKind === 'type', lazy: false, names: ['*'] };
  }
  if (node.type === 'ImportExpression') return { specifier, typeOnly: false, lazy: true, names: ['*'] };
  if (node.type === 'TSImportType') return { specifier, typeOnly: true, lazy: false, names: [] };
  return undefined;
}

const allTypes = (specifiers, kind) => specifiers.length > 0 && specifiers.every((each) => each[kind] === 'type');

function resolveImport(from, specifier, files) {
  if (specifier.startsWith('.')) {
    const path = posix.normalize(posix.join(dirname(from), specifier));
    return [path, `${path}.ts`, `${path}.tsx`, `${path}/index.ts`].find((each) => files.has(each)) ?? path;
  }
  const own = /^@vivarium\/([\w-]+)(?:\/(.+))?$/.exec(specifier);
  if (!own) return undefined;
  return own[2] ? `packages/${own[1]}/src/${own[2]}/index.ts` : `packages/${own[1]}/src/index.ts`;
}
