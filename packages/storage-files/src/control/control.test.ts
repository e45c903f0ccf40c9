import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { maskSecrets, type SwitchState, type WorkspacePaths, workspacePaths } from '@vivarium/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { fileBackend } from '../file-backend.ts';
import { internalToken } from './internal-token.ts';

let paths: WorkspacePaths;
beforeEach(() => {
  paths = workspacePaths(mkdtempSync(join(tmpdir(), 'vivarium-control-')));
});

describe('switches', () => {
  it('halts, pauses and resumes through the two files', async () => {
    const control = fileBackend(paths).switches;
    expect(control.state()).toBe('running');
    await control.pause({ reason: 'lunch', actor: 'ann' });
    expect(control.state()).toBe('paused');
    await control.halt({ reason: 'smoke', actor: 'bob' });
    expect(control.state()).toBe('halted');
    expect(control.reason()).toMatchObject({ state: 'halted', reason: 'smoke', actor: 'bob' });
    await control.resume();
    expect(control.state()).toBe('running');
    expect(control.reason()).toEqual({ state: 'running', reason: '', actor: '' });
  });

  it.each([
    ['nothing', '', ''],
    ['plain words', 'wait for me\n', 'wait for me'],
    ['other JSON', '[1]', '[1]'],
  ])('obeys a file made by hand that holds %s', (_what, text, reason) => {
    writeFileSync(paths.halt, text);
    expect(fileBackend(paths).switches.reason()).toEqual({ state: 'halted', reason, actor: '' });
  });

  it('tells a watcher of every change, whoever made it, and stops telling when asked', async () => {
    const heard: SwitchState[] = [];
    let wake: () => void = () => undefined;
    const next = () => new Promise<void>((done) => (wake = done));
    const stop = fileBackend(paths).switches.watch((state) => {
      heard.push(state);
      wake();
    });
    const first = next();
    writeFileSync(paths.pause, '');
    await first;
    const second = next();
    rmSync(paths.pause);
    await second;
    stop();
    expect(heard).toEqual(['paused', 'running']);
  });
});

describe('internal token', () => {
  const file = () => join(paths.security, 'internal_execution_token.txt');

  it('takes the configured one and writes nothing', () => {
    expect(internalToken(paths, { internalToken: 'x'.repeat(40) })).toBe('x'.repeat(40));
    expect(readdirSync(paths.root)).toEqual([]);
  });

  it('makes 64 characters that only the owner can read, keeps them, and masks them from then on', () => {
    const token = internalToken(paths, {});
    expect(token).toMatch(/^\w{64}$/);
    expect(internalToken(paths, {})).toBe(token);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(statSync(paths.security).mode & 0o777).toBe(0o700);
    expect(readdirSync(paths.security)).toEqual(['internal_execution_token.txt']);
    expect(maskSecrets(`it is ${token}`)).toBe('it is ***');
  });

  it('moves a file without a usable token aside and says so', () => {
    mkdirSync(paths.security, { recursive: true });
    writeFileSync(file(), '\n');
    const findings: string[] = [];
    const token = internalToken(paths, {}, ({ reason }) => findings.push(reason));
    expect(readFileSync(file(), 'utf8')).toBe(token);
    expect(findings).toEqual([expect.stringContaining('no token')]);
  });

  it('is the same for processes that start together', async () => {
    const module = resolve(import.meta.dirname, 'internal-token.ts');
    const code = `import { workspacePaths } from '@vivarium/core'; import { internalToken } from '${module}'; process.stdout.write(internalToken(workspacePaths('${paths.root}'), {}));`;
    const args = ['--conditions', '@vivarium/source', '--import', 'tsx', '--input-type=module', '-e', code];
    const run = () => promisify(execFile)(process.execPath, args, { cwd: resolve(import.meta.dirname, '../../../..') });
    const tokens = (await Promise.all([run(), run(), run()])).map(({ stdout }) => stdout);
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).toMatch(/^\w{64}$/);
  }, 20_000);
});
