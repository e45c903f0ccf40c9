/** A build of the panel's page takes the place of the last one only when it is whole. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { wholePage } from '../../packages/control-panel/web/whole-page.ts';

const panel = createRequire(resolve(import.meta.dirname, '../../packages/control-panel/package.json'));
const { build } = await import(pathToFileURL(panel.resolve('vite')).href);

let root: string;
let dist: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vivarium-page-'));
  dist = join(root, 'dist');
  mkdirSync(join(root, 'web'));
  writeFileSync(join(root, 'web', 'index.html'), '<title>new</title><script type="module" src="./main.js"></script>');
  writeFileSync(join(root, 'web', 'main.js'), 'document.title += "!";');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = (text: string) => {
  mkdirSync(dist);
  writeFileSync(join(dist, 'index.html'), text);
  writeFileSync(join(dist, 'gone.txt'), '');
};
const make = (plugin: object = {}) =>
  build({
    root: join(root, 'web'),
    configFile: false,
    logLevel: 'silent',
    build: { outDir: dist },
    plugins: [wholePage(), { name: 'test', ...plugin }],
  });
const fail = () => {
  throw new Error('the disk is full');
};

it.each(['buildStart', 'transform', 'renderStart', 'renderChunk', 'generateBundle', 'writeBundle'])(
  'a build that fails in %s leaves the last page as it was',
  async (hook) => {
    put('last');
    await expect(make({ [hook]: fail })).rejects.toThrow('the disk is full');
    expect(readFileSync(join(dist, 'index.html'), 'utf8')).toBe('last');
    expect(readdirSync(dist).sort()).toEqual(['gone.txt', 'index.html']);
  },
);

it.each([false, true])(
  'a whole one takes its place, with nothing of it left beside or within (a page stood: %s)',
  async (stood) => {
    if (stood) put('last');
    await make();
    expect(readFileSync(join(dist, 'index.html'), 'utf8')).toContain('<title>new</title>');
    expect([readdirSync(dist).sort(), readdirSync(root).sort()]).toEqual([
      ['assets', 'index.html'],
      ['dist', 'web'],
    ]);
  },
);
