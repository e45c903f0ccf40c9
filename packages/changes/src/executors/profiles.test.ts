import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { executorNamed, readExecutors } from './profiles.ts';

const INSTALLATION = join(import.meta.dirname, '..', '..', '..', '..');
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'viv-profile-'));
  folders.push(folder);
  return folder;
}

function read(file: string | object, workspace = aFolder()) {
  mkdirSync(join(workspace, 'config'), { recursive: true });
  writeFileSync(join(workspace, 'config', 'executors.json'), typeof file === 'string' ? file : JSON.stringify(file));
  return readExecutors({ installation: INSTALLATION, workspace });
}
const reading = (executors: object, workspace?: string) => read({ version: 1, executors }, workspace);

const whole = { protocol: 'chat', argv: ['node', '{folder}/agent.mjs'] };

describe('what ships', () => {
  it('describes four executors, none of which can be used before a person names its folder', () => {
    const { ready, profiles, findings } = reading({});
    expect([[...profiles.keys()], ready.size, findings]).toEqual([['pi', 'opencode', 'codex', 'qwen-code'], 0, []]);
    for (const { package: of, tried, needs, version } of profiles.values())
      expect([typeof of, tried.length, needs.length, version?.length]).toEqual(['string', 1, 1, expect.any(Number)]);
    expect(() => executorNamed(reading({}), 'pi')).toThrow(/executors\.pi\.folder: is not set/);
  });

  it('is completed by the workspace, field by field', () => {
    const folder = aFolder();
    const main = join(folder, 'node_modules', '@openai', 'codex', 'bin');
    mkdirSync(main, { recursive: true });
    writeFileSync(join(main, 'codex.js'), '');
    const { profile } = executorNamed(reading({ codex: { folder, limits: { minutes: 5 } } }), 'codex');
    expect(profile).toMatchObject({ folder, protocol: 'responses', limits: { minutes: 5 } });
  });
});

describe('a file that is wrong', () => {
  const own = (more: object) => ({ mine: { ...whole, ...more } });
  it.each([
    ['a protocol nobody speaks', own({ protocol: 'messages' }), 'executors.mine.protocol'],
    ['no program', own({ argv: [] }), 'executors.mine.argv'],
    ['a program that is a line', own({ argv: 'node agent.mjs' }), 'executors.mine.argv'],
    ['a place that stands for nothing', own({ argv: ['node', '{foldr}/agent.mjs'] }), 'executors.mine.argv.1'],
    ['such a place in a file', own({ files: { a: { url: '{uri}' } } }), 'executors.mine.files.a'],
    ['such a place in the environment', own({ environment: { A: '{token}' } }), 'executors.mine.environment.A'],
    ['a variable that is none', own({ environment: { 'A-B': 'x' } }), 'executors.mine.environment.A-B'],
    ['a file outside its home', own({ files: { '../a': 'x' } }), 'executors.mine.files.../a'],
    ['an absolute file', own({ files: { '/etc/passwd': 'x' } }), 'executors.mine.files./etc/passwd'],
    ['a need outside its folder', own({ needs: ['../a'] }), 'executors.mine.needs.0'],
    ['a relative folder', own({ folder: 'agents/mine' }), 'executors.mine.folder'],
    ['a folder that is not there', own({ folder: '/nowhere/at/all' }), 'executors.mine.folder'],
    ['a folder that shows the machine', own({ folder: '/' }), 'executors.mine.folder'],
    ['an endless time', own({ limits: { minutes: 100_000 } }), 'executors.mine.limits.minutes'],
    ['a field nobody knows', own({ shell: true }), 'executors.mine'],
    ['half a profile', { mine: { folder: '/tmp' } }, 'executors.mine.protocol'],
    ['a name of no executor', { 'My Agent': whole }, 'executors.My Agent'],
    ['the built-in one', { 'built-in': whole }, 'executors.built-in'],
  ])('is told of %s by its field, with what helps', (_what, executors, field) => {
    const { findings, ready } = reading(executors);
    expect([findings.map((one) => one.field), ready.size]).toEqual([expect.arrayContaining([field]), 0]);
    for (const { problem, fix } of findings)
      expect([problem, fix]).toEqual([expect.stringMatching(/\w/), expect.stringMatching(/\w/)]);
  });

  it('is told of what is no JSON, and leaves what ships as it is', () => {
    const { findings, profiles } = read('{ "version": 1, "executors": { ');
    expect([findings[0]?.problem, profiles.size]).toEqual([expect.stringMatching(/line 1/), 4]);
  });

  it('never shows the workspace to an executor', () => {
    const workspace = aFolder();
    for (const folder of [workspace, join(workspace, '..'), join(workspace, '.swarm', 'x')])
      expect(reading(own({ folder }), workspace).findings[0]).toMatchObject({ field: 'executors.mine.folder' });
  });

  it('leaves the others usable', () => {
    const folder = aFolder();
    const { ready } = reading({ good: { ...whole, folder }, ...own({ argv: [] }) });
    expect([...ready.keys()]).toEqual(['good']);
  });

  it('is named with all there are when nobody has that name', () => {
    expect(() => executorNamed(reading({}), 'cursor')).toThrow(
      /no executor cursor; there are built-in, pi, opencode, codex, qwen-code/,
    );
  });
});
