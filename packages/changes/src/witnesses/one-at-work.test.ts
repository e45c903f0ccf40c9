import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nonceOf } from './nonce.ts';
import { oneAtWork } from './one-at-work.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'one-'));
  file = join(folder, 'result');
});
afterEach(() => rmSync(folder, { recursive: true }));

const known = () => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
/** Work that says how often it was done. */
function counted(write = true) {
  const done = { times: 0 };
  const work = async () => {
    done.times += 1;
    const text = String(done.times);
    if (write) writeFileSync(file, text);
    return text;
  };
  return { done, ask: (longest_ms = 60_000) => oneAtWork(file, { known, work, longest_ms }) };
}

it('does once what many ask for at the same time', async () => {
  const { done, ask } = counted();
  expect(await Promise.all([ask(), ask(), ask()])).toEqual(['1', '1', '1']);
  expect(done.times).toBe(1);
});

it('does it again for whoever waited for work that came to nothing', async () => {
  const { done, ask } = counted(false);
  expect(await Promise.all([ask(), ask()])).toEqual(['1', '2']);
  expect(done.times).toBe(2);
});

it('takes over from a process that has ended, and from one that takes too long', async () => {
  const { ask } = counted();
  writeFileSync(`${file}.lock`, '4194304999');
  expect(await ask()).toBe('1');
  rmSync(file);
  writeFileSync(`${file}.lock`, String(process.pid));
  expect(await ask(1)).toBe('2');
  expect(existsSync(`${file}.lock`)).toBe(false);
});

it('waits for what another process is at work on', async () => {
  const { done, ask } = counted();
  writeFileSync(`${file}.lock`, String(process.pid));
  const asked = ask();
  writeFileSync(file, 'theirs');
  expect(await asked).toBe('theirs');
  expect(done.times).toBe(0);
});

it('makes names of planted tests that one store alone can make, the same for the same tree', () => {
  const other = mkdtempSync(join(folder, 'other-'));
  const names = [nonceOf(folder, ['tree', 'a']), nonceOf(folder, ['tree', 'a']), nonceOf(folder, ['tree', 'b'])];
  expect(names[0]).toMatch(/^[0-9a-f]{16}$/);
  expect(names[1]).toBe(names[0]);
  expect(new Set([names[0], names[2], nonceOf(other, ['tree', 'a'])]).size).toBe(3);
});
