import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ENTRIES } from '@vivarium/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const { checkTree }: { checkTree(root: string): { ok: boolean; lines: string[] } } = await import(
  join(ROOT, 'scripts/layering/check.mjs')
);
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vivarium-layering-'));
  for (const [file, text] of Object.entries(SOUND)) write(file, text);
  write(
    '../tests/all.test.ts',
    Object.keys(SOUND)
      .map((file, index) => `import * as m${index} from '../packages/${file}';`)
      .join('\n'),
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A small tree that keeps every rule, with the look-alikes that must not be mistaken for a breach. */
const SOUND = {
  'core/src/index.ts': `export * from './contract/task.ts';\nexport { decide } from './domain/decide.ts';\nexport { load } from './config/load.ts';`,
  'core/src/contract/task.ts': `import { z } from 'zod';\nexport const Task = z.string();`,
  'core/src/errors/index.ts': `export class Refused extends Error {}`,
  'core/src/ports/store.ts': `import type { Task } from '../contract/task.ts';\nexport interface Store { add(task: typeof Task): Promise<void> }`,
  'core/src/domain/decide.ts': [
    `import { Task } from '../contract/task.ts';`,
    `import type { Store } from '../ports/store.ts';`,
    `import { Refused } from '../errors/index.ts';`,
    `// Date.now() and process.env in a comment, 'Math.random()' in a text`,
    `export const decide = (at: string, report: { process: string }, fetch: (id: string) => string) => {`,
    `  if (report.process === 'await Promise') throw new Refused(fetch(at));`,
    `  return { setTimeout: new Date(at).toISOString(), task: Task, now: Date.parse(at) };`,
    `};`,
    `export type Kept = Store;`,
  ].join('\n'),
  'storage-files/src/index.ts': `import { load } from '@vivarium/core';\nexport const keep = load;`,
  'world/src/index.ts': `import { keep } from '@vivarium/storage-files';\nexport const openBackend = keep;`,
  'core/src/config/load.ts': `export const load = () => process.env['HOME'];`,
  'core/src/testing/index.ts': `export const anything = () => process.env['HOME'];`,
  'worker/src/main.ts': `import { load } from '@vivarium/core';\nload();`,
  'worker/src/phases/safety/rules.ts': `import { decide, type load } from '@vivarium/core';\nexport const judge = decide;\nexport type L = typeof load;`,
  'worker/src/worker.test.ts': `import { anything } from '@vivarium/core/testing';\nanything();`,
  'api/src/main.ts': `const later = await import('./lazy.ts');\nexport const run = later;`,
  'api/src/lazy.ts': `import { run } from './main.ts';\nexport const lazy = () => run;`,
  'control-panel/web/main.tsx': `export const View = () => <p>process.env</p>;`,
};

function write(file: string, text: string) {
  const path = join(root, 'packages', file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function check(folder: string) {
  const { ok, lines } = checkTree(folder);
  return { status: ok ? 0 : 1, lines };
}

describe('the layering tool', () => {
  it('accepts a tree that keeps the rules', () => {
    expect(check(root)).toEqual({ status: 0, lines: [`Layering holds in ${Object.keys(SOUND).length} files`] });
  });

  it('accepts the sources of this repository', () => {
    expect(check(ROOT)).toEqual({ status: 0, lines: [expect.stringMatching(/^Layering holds in \d{2,} files/)] });
  });

  it('tells a shell', () => {
    write('api/src/bad.ts', 'const = 1;');
    const tool = join(ROOT, 'scripts/layering.mjs');
    const { status, stderr } = spawnSync(process.execPath, [tool, root], { encoding: 'utf8' });
    expect([status, stderr.split('\n')[0]]).toEqual([1, expect.stringMatching(/^packages\/api\/src\/bad\.ts:1 syntax: /)]);
  });

  it('refuses a folder without sources', () => {
    rmSync(join(root, 'packages'), { recursive: true });
    expect(check(root).status).toBe(1);
  });

  const pure = 'core/src/domain/bad.ts';
  it.each([
    ['separate-processes', 'api/src/bad.ts', `import { run } from '@vivarium/worker';`],
    ['separate-processes', 'worker/src/bad.ts', `import '../../control-panel/src/main.ts';`],
    ['separate-processes', 'control-panel/web/bad.tsx', `export type { Run } from '@vivarium/api';`],
    ['separate-processes', 'api/src/bad.ts', `const worker = () => import('@vivarium/worker');`],
    ['core-stands-alone', 'core/src/bad.ts', `import type { Run } from '@vivarium/api';`],
    ['one-composition-root', 'worker/src/bad.ts', `import { keep } from '@vivarium/storage-files';\nvoid keep;`],
    ['package-names', 'worker/src/bad.ts', `import { load } from '../../core/src/config/load.ts';`],
    ['contract-stands-alone', 'core/src/contract/bad.ts', `import { Refused } from '../errors/index.ts';`],
    ['contract-stands-alone', 'core/src/contract/bad.ts', `import pino from 'pino';`],
    ['pure-imports', pure, `import { join } from 'node:path';`],
    ['pure-imports', pure, `import pino from 'pino';`],
    ['pure-imports', pure, `import { load } from '../config/load.ts';`],
    ['pure-imports', pure, `import { Store } from '../ports/store.ts';`],
    ['pure-imports', pure, `import { load } from '../index.ts';`],
    ['pure-imports', 'worker/src/phases/bad/rules.ts', `import { load } from '@vivarium/core';`],
    ['pure-imports', 'worker/src/phases/bad/rules.ts', `import * as core from '@vivarium/core';`],
    ['pure-imports', 'api/src/gate/rules.ts', `import { lazy } from '../lazy.ts';`],
    ['purity', pure, `export const at = () => Date.now();`],
    ['purity', pure, `export const at = () => globalThis.Date['now']();`],
    ['purity', pure, `export const at = () => new Date();`],
    ['purity', pure, `export const at = () => Date();`],
    ['purity', pure, `export const one = () => Math.random();`],
    ['purity', pure, `export const id = () => crypto.randomUUID();`],
    ['purity', pure, `export const at = () => performance.now();`],
    ['purity', pure, `export const exit = () => process.exit();`],
    ['purity', pure, `export const later = (f: () => void) => setTimeout(f, 1);`],
    ['purity', pure, `export const get = () => fetch('http://127.0.0.1');`],
    ['purity', pure, `export async function work() {}`],
    ['purity', pure, `export const work = { async run() {} };`],
    ['purity', pure, `export type Work = Promise<void>;`],
    ['purity', 'worker/src/phases/bad/rules.ts', `export const here = { process };`],
    ['no-testing-in-product', 'worker/src/bad.ts', `import { anything } from '@vivarium/core/testing';`],
    ['no-testing-in-product', 'core/src/bad.ts', `import { anything } from './testing/index.ts';`],
    ['environment', 'api/src/bad.ts', `export const key = process.env['KEY'];`],
    ['environment', 'api/src/bad.ts', `export const key = globalThis.process['env'];`],
    ['environment', 'api/src/bad.ts', `const { env } = process;`],
    ['environment', 'api/src/bad.ts', `import { env } from 'node:process';`],
    ['syntax', 'api/src/bad.ts', `const = 1;`],
    ['dead-export', 'api/src/bad.ts', `export const left = 1;`],
    ['dead-export', 'api/src/bad.ts', `export { run as left } from './main.ts';`],
    ['dead-export', 'api/src/bad.ts', `export interface Left { at: string }`],
    ['function-length', 'api/src/bad.ts', `export function long() {${'\n'.repeat(60)}}`],
    ['no-any', 'api/src/bad.ts', `export const open = (what: any) => what;`],
    ['no-assertion', 'api/src/bad.ts', `export const text = (value: unknown) => value as string;`],
    ['no-assertion', 'api/src/bad.ts', `export const first = (list: string[]) => list[0]!;`],
    ['no-console', 'api/src/bad.ts', `console.log('here');`],
    ['one-terminal', 'worker/src/bad.ts', `process.stderr.write('what a model said');`],
    ['unfinished', 'api/src/bad.ts', `// TODO: the rest`],
    ['file-rooms', 'api/src/bad.ts', `import { existsSync } from 'node:fs';`],
    ['file-rooms', 'worker/src/phases/bad/phase.ts', `import { readFile } from 'node:fs/promises';`],
    ['file-rooms', 'control-panel/src/bad.ts', `import type { Stats } from 'fs';`],
    ['file-rooms', 'core/src/operations/bad.ts', `export const disk = () => import('node:fs/promises');`],
    ['plain-words', 'api/src/bad.ts', `throw new Error('A task stands already');`],
    ['plain-words', 'worker/src/cli/bad.ts', `const text = (id: string) => \`\${id} is no JSON\`;\ntext('');`],
    ['plain-words', 'core/src/domain/bad.ts', `const loop = { message: \`circle: \${[1].join(' -> ')}\` };\nvoid loop;`],
    ['plain-words', 'control-panel/web/bad.tsx', `void (<p>Nobody disputes anything</p>);`],
    ['plain-words', 'control-panel/web/bad.tsx', `void (<p title="The model is not to be had">Models</p>);`],
  ])('finds a breach of %s in %s: %s', (rule, file, code) => {
    write(file, `/* a line above */\n${code}\n`);
    const { status, lines } = check(root);
    expect(status).toBe(1);
    expect(lines.filter((line) => line.startsWith(`packages/${file}:2 ${rule}: `))).not.toEqual([]);
    expect(lines[0]).toMatch(/\. Fix: .+/);
  });

  it('finds a cycle of imports and names its files', () => {
    write('api/src/a.ts', `import { b } from './b.ts';\nexport const a = () => b;`);
    write('api/src/b.ts', `export { c as b } from './c.ts';`);
    write('api/src/c.ts', `import { a } from './a.ts';\nexport const c = a;`);
    expect(check(root).lines[0]).toContain(
      'no-cycles: imports form a dependency cycle: api/src/a.ts → api/src/b.ts → api/src/c.ts → api/src/a.ts',
    );
  });

  it.each([
    [
      'code',
      `import { b } from '../b/b.ts';\nexport const a = () => b;`,
      `import { a } from '../a/a.ts';\nexport const b = () => a;`,
    ],
    [
      'types',
      `import type { B } from '../b/b.ts';\nexport type A = B;`,
      `import type { A } from '../a/a.ts';\nexport type B = A[];`,
    ],
    ['handed on', `export { b as a } from '../b/b.ts';`, `export const b = () => import('../a/a.ts');`],
  ])('finds folders that need each other, by %s, and names the two imports', (_what, a, b) => {
    write('worker/src/a/a.ts', a);
    write('worker/src/b/b.ts', b);
    const [line = ''] = check(root).lines.filter((each) => each.includes('no-folder-cycles'));
    expect(line).toMatch(/^packages\/worker\/src\/\w\/\w\.ts:1 no-folder-cycles: folders form a dependency cycle: /);
    expect(line).toContain('worker/src/a/a.ts:1 imports worker/src/b/b.ts');
    expect(line).toContain('worker/src/b/b.ts:1 imports worker/src/a/a.ts');
    expect(line).toMatch(/Fix: move what both need into a folder that imports neither/);
  });

  it('finds a long cycle of folders, through their parent too, and none where only tests close it', () => {
    write('worker/src/a/a.ts', `import type { B } from '../b/b.ts';\nexport type A = B;`);
    write('worker/src/b/b.ts', `import type { C } from '../c.ts';\nexport type B = C;`);
    write('worker/src/b/b.test.ts', `import type { A } from '../a/a.ts';\nexport type T = A;`);
    write('worker/src/c.ts', `export interface C { at: string }`);
    const found = () => check(root).lines.filter((each) => each.includes('no-folder-cycles'));
    expect(found()).toEqual([]);
    write('worker/src/c.ts', `import type { A } from './a/a.ts';\nexport type C = A[];`);
    expect(found()).toEqual([expect.stringMatching(/(worker\/src(\/\w)? → ){3}worker\/src/)]);
  });

  it('counts the cycles that are known, refuses any other, and wants what is none off the list', () => {
    write('worker/src/a/a.ts', `import type { B } from '../b/b.ts';\nexport type A = B;`);
    write('worker/src/b/b.ts', `import type { A } from '../a/a.ts';\nexport type B = A[];`);
    write('worker/src/c/c.ts', `import type { A } from '../a/a.ts';\nexport type C = A;`);
    write(
      '../tests/more.test.ts',
      ['a', 'b', 'c'].map((name) => `import * as ${name} from '../packages/worker/src/${name}/${name}.ts';`).join(''),
    );
    const folders = (...names: string[]) => names.map((name) => `packages/worker/src/${name}`);
    const known = (...groups: string[][]) => {
      write('../scripts/layering/known-cycles.json', JSON.stringify(groups));
      return check(root).lines.filter((line) => /cycle/.test(line));
    };
    expect(known(folders('a', 'b'))).toEqual([expect.stringMatching(/; 2 folders lie in known cycles$/)]);
    expect(known(folders('a', 'x'), folders('b', 'x'))).toEqual([expect.stringContaining('no-folder-cycles')]);
    expect(known(folders('a', 'b', 'c'))).toEqual([
      expect.stringMatching(/known-cycles\.json:1 no-folder-cycles: worker\/src\/c is in no dependency cycle\. Fix: delete it/),
    ]);
  });

  it.each([
    ['an act', 'give', 'worker/src/bad.ts', 'export const Gift = z.strictObject({ who: z.string(), amount: z.int() });'],
    [
      'an act under its name',
      'tip',
      'control-panel/src/bad.ts',
      'export const Tip = z.object({ reason: z.string(), amount: z.int() });',
    ],
    [
      'an operation',
      'add',
      'api/src/bad.ts',
      'export const run = z.looseObject({ tasks: z.array(z.unknown()), dry: z.boolean() });',
    ],
  ])('refuses a second schema of %s at a door, and says whose it is', (_what, name, file, text) => {
    write('../tests/more.test.ts', `import * as a from '../packages/${file}';`);
    write(
      'core/src/domain/social/gifts.ts',
      [
        'const Gift = z.strictObject({ who: Id, amount: Amount });',
        'export const giftActions = { give: action(WHO, Gift, run), tip: action(WHO, Gift.extend({ reason: Text(9) }), run) };',
      ].join('\n'),
    );
    write(
      'core/src/operations/catalogue/tasks.ts',
      'export const all = { add: operation({ title, ...{ lan, input: z.object({ tasks: z.array(), dry: z.boolean() }) }, run: (input) => input }) };',
    );
    write(
      '../tests/gifts.test.ts',
      `import * as a from '../packages/core/src/domain/social/gifts.ts';\nimport * as b from '../packages/core/src/operations/catalogue/tasks.ts';`,
    );
    const same = 'import { Gift } from "@vivarium/core";\nexport const { amount } = Gift.shape;';
    write(file, `${same}\nexport const Part = z.object({ amount, who: Gift.shape.who });`);
    expect(check(root).lines).toHaveLength(1);
    write(file, text);
    expect(check(root).lines).toEqual([
      expect.stringMatching(new RegExp(`^packages/${file}:1 one-schema: a schema of .* describes ${name} a second time. Fix: `)),
      '1 breaches of the layering',
    ]);
  });

  it('knows the schema of every act and operation of this repository that has several fields', async () => {
    const { schemasIn } = await import(join(ROOT, 'scripts/layering/second-schemas.mjs'));
    const { readSources } = await import(join(ROOT, 'scripts/layering/sources.mjs'));
    const known = new Set([...schemasIn(readSources(ROOT))].map(({ name }: { name: string }) => name));
    const several = [...ENTRIES].filter(
      ([, entry]) => 'input' in entry && Object.keys((entry.input as { shape?: object }).shape ?? {}).length > 1,
    );
    expect(known.size).toBeGreaterThanOrEqual(several.length);
  });

  it('reads the documents for words that people should not meet, with their line', () => {
    write('../docs/how-to/bad.md', 'A fine line.\nThe critic is not to be had.\n');
    write('../README.md', '# Name\n\nThe task stands already.\n');
    expect(check(root).lines).toEqual([
      expect.stringMatching(/^README\.md:3 plain-words: people read "stands already"\. Fix: .*already exists$/),
      expect.stringMatching(/^docs\/how-to\/bad\.md:2 plain-words: people read "not to be had"\. Fix: .*unavailable$/),
      '2 breaches of the layering',
    ]);
  });

  it('lets storage and tests use the disk, and lets names, comments and good English be', () => {
    write('storage-files/src/a.ts', `import { rmSync } from 'node:fs';\nrmSync('a');`);
    write('api/src/a.test.ts', `import { rmSync } from 'node:fs/promises';\nvoid [rmSync, 'A task stands already'];`);
    write(
      'control-panel/web/mark.tsx',
      `// a circle\nexport const circle = <circle fill="none" role="img" />;\nvoid ['circle', 'There is no task'];`,
    );
    write('../tests/more.test.ts', `import * as a from '../packages/control-panel/web/mark.tsx';`);
    expect(check(root).lines).toHaveLength(1);
  });

  it('counts the lines of a file, and lets exports be that somebody asks for, lazily, by another name, or as a type', () => {
    write('api/src/long.ts', `${'\n'.repeat(400)}const last = [] as const;\nvoid last;`);
    write(
      'api/src/a.ts',
      `export const a = 1;\nexport interface Shape { at: string }\nexport const b = (shape: Shape) => shape;`,
    );
    write('api/src/door.ts', `export * from './a.ts';\nexport { lazy as slow } from './lazy.ts';`);
    write('api/src/b.ts', `import { a, b, slow } from './door.ts';\nvoid [a, b, slow, import('./long.ts')];`);
    expect(check(root).lines).toEqual([
      expect.stringMatching(/^packages\/api\/src\/long\.ts:1 file-length: /),
      expect.anything(),
    ]);
  });

  it('lets a cycle of types within a folder be', () => {
    write('api/src/a.ts', `import type { B } from './b.ts';\nexport type A = B[];\nexport const noA: A = [];`);
    write('api/src/b.ts', `import type { A } from './a.ts';\nexport type B = { a: A };`);
    write('../tests/more.test.ts', `import * as a from '../packages/api/src/a.ts';`);
    expect(check(root).status).toBe(0);
  });
});
