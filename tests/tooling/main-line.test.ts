import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
/** More than this, and something opens that a plain task has no use for: `pnpm main-line --files` names it. */
const MOST_FILES = 255;

const page = readFileSync(join(ROOT, 'docs/main-line.md'), 'utf8');
/** The files of the first table, each with the functions to read, in order. */
const steps = [...page.matchAll(/^\| \d \| \[[^\]]+\]\(([^)]+)\) \| ([^:]+):/gm)].map(([, link = '', names = '']) => ({
  file: relative(ROOT, resolve(ROOT, 'docs', dirname(link), link.split('/').at(-1) ?? '')),
  names: [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
}));

describe('the main line of a task', () => {
  let ran: Map<string, readonly string[]>;
  beforeAll(async () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const [program, ...args] = String(scripts['main-line']).split(' ');
    expect(program).toBe('node');
    const { stdout } = await promisify(execFile)(process.execPath, [...args, '--files'], { cwd: ROOT });
    ran = new Map(
      [...stdout.matchAll(/^(packages\S+): (.*)$/gm)].map(([, file = '', names = '']): [string, string[]] => [
        file,
        names.split(', '),
      ]),
    );
  }, 60_000);

  it('is read in at most six files, and a task runs through every function that the page names', () => {
    expect(steps.length).toBeGreaterThan(3);
    expect(steps.length).toBeLessThanOrEqual(6);
    for (const { file, names } of steps) {
      expect(names.length, file).toBeGreaterThan(0);
      expect(
        names.filter((name) => !(ran.get(file) ?? []).includes(name)),
        file,
      ).toEqual([]);
    }
  });

  it('opens nothing that a plain task has no use for', () => {
    expect(ran.size).toBeGreaterThan(100);
    expect(ran.size).toBeLessThanOrEqual(MOST_FILES);
  });
});
