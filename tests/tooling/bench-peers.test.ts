/** What keeps a peer of the benchmark out is told in the words of whoever knows. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { preparePeers } from '../../bench/rows-peers.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vivarium-peers-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** An `npm` that says this and ends so. */
function npm(script: string): void {
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'npm'), 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH']}`);
}

const told = (): { reason: string | undefined; shown: string } => {
  const shown: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => shown.push(String(text)) > 0);
  return { reason: preparePeers(folder), shown: shown.join('') };
};

it.each([
  [
    'on stderr',
    'echo "npm error code E404" >&2; echo "npm error 404 bullmq@99 is not in this registry" >&2; exit 1',
    /bullmq@99 is not in/,
  ],
  ['on stdout', 'echo "npm error network connect ECONNREFUSED 127.0.0.1:9"; exit 1', /ECONNREFUSED/],
  [
    'after a long tale',
    'for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do echo "npm warn $n" >&2; done; echo "npm error last" >&2; exit 7',
    /npm error last/,
  ],
])('says why npm could not install them: %s', (_where, script, words) => {
  npm(script);
  const { reason, shown } = told();
  expect([reason, shown]).toEqual([expect.stringMatching(words), expect.stringMatching(words)]);
});

it('says how npm ended when it said nothing, and that there is none', () => {
  npm('exit 3');
  expect(told().reason).toMatch(/ended with 3/);
  vi.stubEnv('PATH', join(folder, 'nowhere'));
  expect(told().reason).toMatch(/ENOENT/);
});

it('is silent about an installation that worked', () => {
  npm('exit 0');
  expect(told().reason).toBeUndefined();
});
