/** What `npm start` makes of a person's npm settings, and of an installation that is not whole. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingPackage, projectsIn } from '../../scripts/lib/installed.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'vivarium-installs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

/** Settings as they stand in a person's ~/.npmrc or environment. */
const SETTINGS: readonly [what: string, npmrc: string, env?: Record<string, string>][] = [
  ['production=true', 'production=true'],
  ['omit=dev, omit=optional', 'omit=dev\nomit=optional'],
  ['only=production, optional=false', 'only=production\noptional=false'],
  ['engine-strict=true, node-version=14.0.0', 'engine-strict=true\nnode-version=14.0.0'],
  ['ignore-scripts=true, package-lock=false', 'ignore-scripts=true\npackage-lock=false\nlegacy-peer-deps=true'],
  ['node-linker=hoisted, symlink=false', 'node-linker=hoisted\nsymlink=false\nshamefully-hoist=true'],
  ['modules-dir, virtual-store-dir and prefix elsewhere', 'modules-dir=elsewhere\nvirtual-store-dir=other\nprefix=/nowhere'],
  ['lockfile-only=true, shared-workspace-lockfile=false', 'lockfile-only=true\nshared-workspace-lockfile=false\nworkspaces=true'],
  ['npm_config_production and NODE_ENV', '', { npm_config_production: 'true', NODE_ENV: 'production' }],
  ['npm_config_only and npm_config_package_lock', '', { npm_config_only: 'prod', npm_config_package_lock: 'false' }],
];

describe('npm settings of a person', () => {
  const project = join(folder, 'project');
  const home = join(folder, 'home');

  /** A repository with this one's settings and scripts, and a single development dependency that needs no registry. */
  beforeAll(() => {
    mkdirSync(join(project, 'packages', 'tool'), { recursive: true });
    mkdirSync(home);
    cpSync(join(ROOT, 'pnpm-workspace.yaml'), join(project, 'pnpm-workspace.yaml'));
    cpSync(join(ROOT, 'scripts'), join(project, 'scripts'), { recursive: true });
    const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const root = { name: 'fixture', private: true, packageManager, devDependencies: { tool: 'workspace:*' } };
    writeFileSync(join(project, 'package.json'), JSON.stringify(root));
    const tool = { name: 'tool', version: '1.0.0', engines: { node: '>=99' } };
    writeFileSync(join(project, 'packages', 'tool', 'package.json'), JSON.stringify(tool));
    const { status, stdout, stderr } = install({}, `await pnpm(['install', '--lockfile-only', '--offline'])`);
    if (status !== 0) throw new Error(stdout + stderr);
  }, 60_000);

  function install(env: Record<string, string>, code = 'process.exitCode = (await installWhenNeeded()) ? 0 : 1') {
    const script = `const { installWhenNeeded, pnpm } = await import('./scripts/lib/pnpm.mjs'); ${code}`;
    const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
    const userconfig = { npm_config_userconfig: join(home, '.npmrc') };
    return spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: project,
      env: { ...own, ...userconfig, ...env },
      encoding: 'utf8',
    });
  }

  it.each(SETTINGS)('leave nothing out: %s', (_, npmrc, env = {}) => {
    for (const each of projectsIn(project)) rmSync(join(each, 'node_modules'), { recursive: true, force: true });
    writeFileSync(join(home, '.npmrc'), `${npmrc}\n`);
    const { status, stderr } = install(env);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    expect(existsSync(join(project, 'node_modules', 'tool', 'package.json'))).toBe(true);
    expect(install(env).stderr).not.toContain('Installing');
  });

  it('that left something out once are mended when the lockfile is no newer', () => {
    writeFileSync(join(home, '.npmrc'), '');
    rmSync(join(project, 'node_modules', 'tool'));
    const { status, stderr } = install({});
    expect({ status, stderr }).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('tool is missing from what is installed'),
    });
    expect(existsSync(join(project, 'node_modules', 'tool', 'package.json'))).toBe(true);
  });
});

describe('an installation that is not whole', () => {
  const copy = join(folder, 'copy');
  const store = join(copy, 'node_modules', '.pnpm');

  /** This repository's own installation, package by package. */
  beforeAll(() => {
    mkdirSync(store, { recursive: true });
    cpSync(join(ROOT, 'pnpm-lock.yaml'), join(copy, 'pnpm-lock.yaml'));
    for (const name of readdirSync(join(ROOT, 'node_modules', '.pnpm')))
      symlinkSync(join(ROOT, 'node_modules', '.pnpm', name), join(store, name));
    for (const name of readdirSync(join(ROOT, 'node_modules')))
      if (!name.startsWith('.')) symlinkSync(join(ROOT, 'node_modules', name), join(copy, 'node_modules', name));
    for (const project of projectsIn(ROOT).slice(1)) {
      const target = join(copy, project.slice(ROOT.length));
      mkdirSync(target, { recursive: true });
      cpSync(join(project, 'package.json'), join(target, 'package.json'));
      symlinkSync(join(project, 'node_modules'), join(target, 'node_modules'));
    }
    cpSync(join(ROOT, 'package.json'), join(copy, 'package.json'));
  });

  const storedAs = (start: string) => readdirSync(store).find((name) => name.startsWith(start)) ?? '';
  /** Where the package for this machine lies, of those that bring a program for each kind of machine. */
  const native = () => storedAs(`@esbuild+${process.platform}-${process.arch}@`);

  it('is noticed, and a whole one is taken for whole', () => {
    expect(missingPackage(copy)).toBeUndefined();
  });

  it.each([
    ['a package', () => join(store, storedAs('zod@')), 'zod'],
    ['a package of a package', () => join(store, storedAs('fast-uri@')), 'fast-uri'],
    ['the program for this machine', () => join(store, native()), `@esbuild/${process.platform}-${process.arch}`],
    ['a development dependency', () => join(copy, 'node_modules', 'tsx'), 'tsx'],
    ['what one project needs', () => join(copy, 'packages', 'worker', 'node_modules'), /./],
    ['everything but the list of what there was', () => join(copy, 'node_modules'), /./],
  ])('is noticed without %s', (_, path, name) => {
    const kept = join(folder, 'kept');
    const taken = path();
    renameSync(taken, kept);
    const missing = missingPackage(copy);
    renameSync(kept, taken);
    expect(missing).toMatch(name);
  });
});
