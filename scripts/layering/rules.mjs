import { environmentReads, impurities } from './purity.mjs';
import { isTest, packageOf } from './sources.mjs';

/** Libraries that compute and do nothing else. */
const PURE_LIBRARIES = new Set(['zod', 'jsonc-parser', 'minisearch', 'saxes']);
const APPS = ['api', 'worker', 'control-panel'];
/** What a package may import of ours; a program reaches a backend through `world` alone. */
const MAY_IMPORT = {
  core: [],
  'storage-files': ['core'],
  sandbox: ['core'],
  changes: ['core', 'sandbox'],
  world: ['core', 'storage-files', 'changes'],
  api: ['core', 'world', 'sandbox', 'changes'],
  worker: ['core', 'world', 'changes'],
  'control-panel': ['core', 'world', 'changes'],
};
const CORE = 'packages/core/src/';
const within = (file, ...folders) => folders.some((folder) => file?.startsWith(`${CORE}${folder}/`));
const isPure = (file) => within(file, 'domain', 'contract', 'errors') || file?.endsWith('/rules.ts');

/** Every breach of the layering in the sources, as `{ file, line, rule, problem, fix }`. */
export function breaches(files) {
  const found = [];
  for (const source of files.values()) {
    const report = (rule, line, problem, fix) => found.push({ file: source.file, line, rule, problem, fix });
    if (source.unreadable) report('syntax', source.unreadable.line, source.unreadable.message, 'correct the syntax');
    for (const each of source.imports) {
      packages(source.file, each, report);
      if (isTest(source.file)) continue;
      backends(source.file, each, report);
      testing(each, report);
      contract(source.file, each, report);
      if (isRuled(source.file)) pureImport(source.file, each, files, report);
    }
    if (isTest(source.file)) continue;
    if (isRuled(source.file)) purity(source, report);
    if (!within(source.file, 'config')) environment(source, report);
  }
  return found;
}

/** Files whose code has to be pure. */
const isRuled = (file) => within(file, 'domain') || file.endsWith('/rules.ts');

function packages(file, { specifier, target, line }, report) {
  if (target === undefined) return;
  const [from, to] = [packageOf(file), packageOf(target)];
  if (from === to) return;
  if (from === 'core') {
    report('core-stands-alone', line, `core imports ${specifier}`, `move what both need into core, or the file into ${to}`);
  } else if (APPS.includes(from) && APPS.includes(to)) {
    const fix = 'let them meet through HTTP, the store or the logs; shared code belongs in core';
    report('separate-processes', line, `${from} imports ${specifier} of ${to}`, fix);
  } else if (specifier.startsWith('.')) {
    report('package-names', line, `${specifier} reaches into another package`, `import it from @vivarium/${to}`);
  }
}

/** A backend is opened in one place: the programs know the ports, and `openWorld`. */
function backends(file, { specifier, target, line }, report) {
  if (target === undefined) return;
  const [from, to] = [packageOf(file), packageOf(target)];
  if (from === to || from === 'core' || (APPS.includes(from) && APPS.includes(to)) || MAY_IMPORT[from]?.includes(to)) return;
  report(
    'one-composition-root',
    line,
    `${from} imports ${specifier}`,
    'go through @vivarium/world, which alone knows the backends',
  );
}

function testing({ specifier, target, line }, report) {
  if (target === undefined || !isTest(target)) return;
  report('no-testing-in-product', line, `${specifier} is test code`, 'move what the product needs out of the testing kit');
}

function contract(file, { specifier, target, line }, report) {
  if (!within(file, 'contract') || specifier === 'zod' || within(target, 'contract')) return;
  report('contract-stands-alone', line, `the contract imports ${specifier}`, 'import only zod and other contract files');
}

function pureImport(file, each, files, report) {
  const { specifier, typeOnly, target, line } = each;
  const refuse = (fix) => report('pure-imports', line, `pure code imports ${specifier}`, fix);
  if (target === undefined) {
    if (specifier.startsWith('node:')) return refuse('let the caller pass in what is needed');
    if (!PURE_LIBRARIES.has(specifier)) refuse(`use only ${[...PURE_LIBRARIES].join(', ')}; let the caller do the rest`);
    return;
  }
  if (within(file, 'domain')) {
    if (within(target, 'domain', 'contract', 'errors') || (within(target, 'ports') && typeOnly)) return;
    return refuse('domain imports contract, errors and domain, and only types from ports');
  }
  if (typeOnly || isPure(target)) return;
  const impure =
    target === `${CORE}index.ts` ? each.names.filter((name) => !isPure(definedIn(name, target, files))) : [specifier];
  if (impure.length > 0)
    refuse(`${impure.join(', ')} is not pure: import the type only, or let phase.ts or the caller pass it in`);
}

function purity(source, report) {
  for (const { offset, what } of impurities(source.program)) {
    const fix = 'pass the value in (instants, random numbers, answers) and let the caller act';
    report('purity', source.lineAt(offset), `pure code uses ${what}`, fix);
  }
}

function environment(source, report) {
  for (const offset of environmentReads(source.program)) {
    const fix = 'read the setting from Config; new variables go into core/src/config/settings.ts';
    report('environment', source.lineAt(offset), 'process.env is read outside core/src/config', fix);
  }
}

/** The file that really defines an exported name, followed through re-exports. */
function definedIn(name, file, files, seen = new Set()) {
  const source = files.get(file);
  if (!source || seen.has(file)) return undefined;
  seen.add(file);
  for (const node of source.program.body) {
    if (node.type === 'ExportNamedDeclaration' && node.source) {
      const specifier = node.specifiers.find(({ exported }) => exported.name === name);
      if (specifier) return definedIn(specifier.local.name, targetOf(source, node), files, seen);
    } else if (node.type === 'ExportNamedDeclaration' && declares(node, name)) {
      return file;
    }
  }
  for (const node of source.program.body) {
    if (node.type !== 'ExportAllDeclaration') continue;
    const found = definedIn(name, targetOf(source, node), files, seen);
    if (found) return found;
  }
  return undefined;
}

const targetOf = (source, node) => source.imports.find(({ specifier }) => specifier === node.source.value)?.target;

function declares({ declaration, specifiers }, name) {
  if (specifiers.some(({ exported }) => exported.name === name)) return true;
  const made = declaration?.declarations ?? (declaration ? [declaration] : []);
  return made.some(({ id }) => id?.name === name);
}
