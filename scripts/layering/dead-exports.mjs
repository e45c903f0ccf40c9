import { isTest } from './sources.mjs';
import { children } from './walk.mjs';

/**
 * Exports of the product that no other file asks for. `users` are further files that may ask: tests, scripts, benchmarks.
 * A type that its own file uses is part of what that file says of itself, and stays.
 */
export function deadExports(files, users) {
  const used = new Set();
  const mark = (file, name) => {
    const key = `${file}#${name}`;
    if (used.has(key) || !files.has(file)) return;
    used.add(key);
    for (const [from, original] of sourcesOf(files.get(file), name)) mark(from, original);
  };
  for (const source of [...files.values(), ...users.values()]) for (const [file, name] of asked(source)) mark(file, name);
  const found = [];
  for (const source of files.values()) {
    if (isTest(source.file) || source.file.endsWith('.config.ts')) continue;
    for (const { name, line, isType } of ownNames(source)) {
      if (used.has(`${source.file}#${name}`) || used.has(`${source.file}#*`)) continue;
      if (isType && mentions(source.program, name) > 1) continue;
      const fix = 'delete it, or only the word export when this file uses it';
      found.push({ file: source.file, line, rule: 'dead-export', problem: `nobody imports ${name}`, fix });
    }
  }
  return found;
}

/** What a file imports, as pairs of file and name; `*` is everything. */
function* asked(source) {
  for (const { target, lazy, node } of source.imports) {
    if (target === undefined) continue;
    if (lazy || node.type === 'TSImportType') yield [target, '*'];
    if (node.type !== 'ImportDeclaration') continue;
    for (const { type, imported } of node.specifiers) {
      yield [target, type === 'ImportSpecifier' ? imported.name : type === 'ImportDefaultSpecifier' ? 'default' : '*'];
    }
  }
}

/** Where a name comes from that a file hands on, as pairs of file and name. */
function* sourcesOf(source, name) {
  for (const { target, node } of source.imports) {
    if (node.type === 'ExportAllDeclaration') yield [target, name];
    if (node.type !== 'ExportNamedDeclaration') continue;
    for (const { exported, local } of node.specifiers) if (name === '*' || exported.name === name) yield [target, local.name];
  }
}

/** Every name that a file exports by itself or hands on by name. */
function* ownNames({ program, lineAt }) {
  for (const node of program.body) {
    const line = lineAt(node.start);
    if (node.type === 'ExportDefaultDeclaration') yield { name: 'default', line };
    if (node.type !== 'ExportNamedDeclaration') continue;
    for (const { exported } of node.specifiers) yield { name: exported.name, line };
    const { declaration } = node;
    const isType = /^TS(Interface|TypeAlias)/.test(declaration?.type);
    for (const { id } of declaration?.declarations ?? (declaration ? [declaration] : [])) yield { name: id.name, line, isType };
  }
}

/** How often a name stands in a file, its declaration included. */
function mentions(program, name) {
  let count = 0;
  const visit = (node) => {
    if (node.type === 'Identifier' && node.name === name) count += 1;
    for (const { node: child } of children(node)) visit(child);
  };
  visit(program);
  return count;
}
