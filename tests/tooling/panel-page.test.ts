/** When the panel's page counts as behind what it was built from. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';

const { isStale }: { isStale(root: string): boolean } = await import(resolve(import.meta.dirname, '../../scripts/lib/panel.mjs'));
const root = mkdtempSync(join(tmpdir(), 'vivarium-page-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const PANEL = 'packages/control-panel';
const WORDS = `${PANEL}/src/words.ts`;
const CORE = 'packages/core/src/domain/words/visible.ts';
const LIST = `${PANEL}/dist/.sources.json`;
const [BEFORE, BUILT, AFTER] = [1_000, 2_000, 3_000];

function put(file: string, text = '', seconds = BEFORE): void {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  for (const each of [path, dirname(path)]) utimesSync(each, seconds, seconds);
}

const FILES = [`${PANEL}/web/index.html`, `${PANEL}/web/src/main.tsx`, `${PANEL}/web/public/theme.js`, WORDS, CORE];
const NAMED = [`${PANEL}/package.json`, 'pnpm-lock.yaml'];

beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  for (const file of [...FILES, ...NAMED, `${PANEL}/src/app.ts`, `${PANEL}/web/node_modules/a/index.js`]) put(file);
  put(LIST, JSON.stringify({ began: BUILT * 1000, files: [WORDS, CORE] }));
  for (const folder of ['web', 'web/src']) utimesSync(join(root, PANEL, folder), BEFORE, BEFORE);
});

it.each([...FILES, ...NAMED])('a page is behind once %s changed', (file) => {
  expect(isStale(root)).toBe(false);
  utimesSync(join(root, file), AFTER, AFTER);
  expect(isStale(root)).toBe(true);
});

it.each([WORDS, `${PANEL}/web/src/main.tsx`, LIST])('and once %s is gone', (file) => {
  rmSync(join(root, file));
  expect(isStale(root)).toBe(true);
});

it.each(['', '{', 'null', '{"began":"x","files":[]}', '{"files":7}'])('and when its list reads %j', (text) => {
  put(LIST, text);
  expect(isStale(root)).toBe(true);
});

it.each([`${PANEL}/src/app.ts`, `${PANEL}/web/node_modules/a/index.js`])('but not for %s, which it does not hold', (file) => {
  utimesSync(join(root, file), AFTER, AFTER);
  expect(isStale(root)).toBe(false);
});
