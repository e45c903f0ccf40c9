/** The picture of the layers in docs/architecture.md shows the imports that there are: no arrow more, none less. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

interface Source {
  readonly file: string;
  readonly imports: readonly { readonly specifier: string; readonly target?: string; readonly typeOnly: boolean }[];
}
const ROOT = resolve(import.meta.dirname, '../..');
const { isTest, readSources }: { isTest(file: string): boolean; readSources(root: string): Map<string, Source> } = await import(
  join(ROOT, 'scripts/layering/sources.mjs')
);

/** Where a file stands in the picture: a layer of core, a program, or the panel's pages. */
function nodeOf(file: string): string {
  const [, name = '', folder = '', layer = ''] = file.split('/');
  if (name === 'control-panel') return folder === 'web' ? 'web' : 'panel';
  if (name !== 'core') return name;
  return layer === 'index.ts' ? 'core' : layer;
}

/** `-->`: the code of one needs that of the other; `-.->`: only its types. */
function drawn(): string[] {
  const text = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
  const picture = /## Layers[\s\S]*?```mermaid\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  return [...picture.matchAll(/^ *([\w& -]+?) (-->|-\.->) ([\w& -]+)$/gm)].flatMap(([, from = '', arrow, to = '']) =>
    from.split(' & ').flatMap((one) => to.split(' & ').map((other) => `${one} ${arrow} ${other}`)),
  );
}

function imported(): string[] {
  const files = readSources(ROOT);
  const arrows = new Map<string, string>();
  const drawable = [...files.values()].filter(
    ({ file }) => /\/(src|web)\//.test(file) && !isTest(file) && nodeOf(file) !== 'core',
  );
  for (const { file, imports } of drawable) {
    for (const { target, typeOnly } of imports) {
      if (target === undefined || !files.has(target) || nodeOf(target) === nodeOf(file)) continue;
      const [from, to] = [nodeOf(file), nodeOf(target)];
      if (!typeOnly) arrows.set(`${from} ${to}`, `${from} --> ${to}`);
      else if (!arrows.has(`${from} ${to}`)) arrows.set(`${from} ${to}`, `${from} -.-> ${to}`);
    }
  }
  return [...arrows.values()];
}

it('has an arrow for every import between layers', () => {
  expect(drawn().sort()).toEqual(imported().sort());
});

/** What the browser loads: everything that the page imports for more than its types, and what that imports. */
function loadedByThePage(): Source[] {
  const files = readSources(ROOT);
  const loaded = new Set<Source>();
  const load = (file: string) => {
    const source = files.get(file);
    if (source === undefined || loaded.has(source)) return;
    loaded.add(source);
    for (const { target, typeOnly } of source.imports) if (target !== undefined && !typeOnly) load(target);
  };
  load('packages/control-panel/web/src/main.tsx');
  return [...loaded];
}

it('carries no schema and no server in the page, though its client is typed by both', () => {
  const loaded = loadedByThePage();
  const files = loaded.map(({ file }) => file);
  expect(files).toContain('packages/control-panel/web/src/state/api.ts');
  expect(files.filter((file) => file.startsWith('packages/control-panel/src/'))).toEqual([
    'packages/control-panel/src/world/words.ts',
  ]);
  const libraries = loaded.flatMap(({ imports }) => imports.flatMap((each) => (each.typeOnly ? [] : [each.specifier])));
  expect(libraries.filter((name) => /^(?:node:|zod|express|socket\.io$)/.test(name))).toEqual([]);
});
