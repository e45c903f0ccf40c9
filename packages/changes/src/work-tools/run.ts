import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type CATALOGUE, fence, isWithheld, type Refused, refuse } from '@vivarium/core';
import { runCage } from '@vivarium/sandbox';
import type { z } from 'zod';
import { cageOf } from '../suites/cage-of.ts';
import { runSuite, type SuiteRun } from '../suites/index.ts';
import { done, firstOf, type Worked } from './answer.ts';
import { mayNot, placeOf } from './place.ts';
import { UnfitFilesError, type Workbench } from './workbench.ts';

type TestArgs = z.output<(typeof CATALOGUE)['run_tests']['input']>;
type CommandArgs = z.output<(typeof CATALOGUE)['run_command']['input']>;

const OUTPUT_CHARS = 4_096;
const NAMES = 40;
const COMMAND_MS = 120_000;
const COMMAND_OUTPUT = { head_bytes: 16 * 1_024, tail_bytes: 16 * 1_024 };

/** Run a suite on a fresh checkout of what is there, and say what is new against the base. */
export async function runTestsTool(bench: Workbench, { suite, only }: TestArgs): Promise<Worked> {
  const { suites } = bench.project.settings;
  const settings = Object.hasOwn(suites, suite) ? suites[suite] : undefined;
  if (!settings) return { answer: unknownName('suite', suite, Object.keys(suites)) };
  if (only && settings.only !== 'paths')
    return { answer: refuse('suite_unusable', `${suite} cannot run single files; leave "only" out`) };
  const paths = pathsOf(bench, only);
  if (!paths.ok) return { answer: paths };
  const tree = await bench.tree();
  const run = await runSuite(bench.deps, { tree, suite, ...(only ? { only: paths.paths } : {}) });
  const base = await bench.onBase(suite);
  const stopped = run.interrupted ?? base.interrupted;
  bench.deps.signal?.throwIfAborted();
  if (stopped !== undefined) return { answer: refuse('suite_unusable', `${suite} could not be run: ${stopped}`) };
  const origin = `output of suite ${suite}`;
  return done(
    { ...told(run, base, only !== undefined), output: fence(origin, run.output.slice(-OUTPUT_CHARS), OUTPUT_CHARS) },
    origin,
  );
}

function told(run: SuiteRun, base: SuiteRun, part: boolean): Readonly<Record<string, unknown>> {
  const names = (result: string) => [...run.cases].filter(([, is]) => is === result).map(([name]) => name);
  const failed = names('failed');
  const missing = part ? [] : [...base.cases.keys()].filter((name) => !run.cases.has(name));
  const fixed = names('passed').filter((name) => base.cases.get(name) === 'failed');
  const isNew = failed.filter((name) => base.cases.get(name) !== 'failed');
  const limit = run.timed_out ? { ended: 'its time was over' } : run.over_limit ? { over_limit: run.over_limit } : {};
  return {
    ...{ suite: run.suite, tree: run.tree, exit: run.exit_code, ...limit },
    report: run.report === 'ok' || run.report === 'none' ? run.report : `${run.report}: ${run.detail}`,
    counts: { passed: names('passed').length, failed: failed.length, skipped: names('skipped').length, missing: missing.length },
    new_failures: firstOf(isNew, NAMES),
    fixed: firstOf(fixed, NAMES),
    missing: firstOf(missing, NAMES),
    skipped: firstOf(names('skipped'), NAMES),
    failed_on_base: firstOf(
      failed.filter((name) => !isNew.includes(name)),
      NAMES,
    ),
    passed: firstOf(names('passed'), NAMES),
  };
}

/** Run a command that the person wrote down. Unless it writes, it works on a copy that is thrown away. */
export async function runCommandTool(bench: Workbench, { name, args }: CommandArgs): Promise<Worked> {
  const { commands } = bench.project.settings;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) return { answer: unknownName('command', name, Object.keys(commands)) };
  if (args?.length && command.args !== 'paths')
    return { answer: refuse('invalid_arguments', `${name} takes no arguments; leave "args" out`) };
  const paths = pathsOf(bench, args);
  if (!paths.ok) return { answer: paths };
  const before = await bench.tree();
  const scratch = mkdtempSync(join(bench.store.folder, 'spool', 'command-'));
  try {
    const project = command.writes ? bench.folder : join(scratch, 'project');
    if (!command.writes) await bench.store.checkout(before, project, (path) => isWithheld(bench.project.settings, path));
    const argv = [...command.argv, ...paths.paths];
    const end = await bench.deps.area.alone(() => inCage(bench, argv, { project, out: scratch }));
    bench.deps.signal?.throwIfAborted();
    if (end.broken !== undefined) return { answer: refuse('command_failed', `${name} could not be run: ${end.broken}`) };
    const changed = command.writes ? await changedBy(bench, before) : { ok: true as const, paths: [] };
    if (!changed.ok) return { answer: changed };
    const origin = `output of ${name}`;
    const text = [end.stdout, end.stderr].filter(Boolean).join('\n').slice(-OUTPUT_CHARS);
    const limit = end.timed_out ? { ended: 'its time was over' } : end.over_limit ? { over_limit: end.over_limit } : {};
    const wrote = changed.paths.length > 0 ? { changed: firstOf(changed.paths, NAMES), step: bench.nextStep } : { changed: [] };
    return done({ name, exit: end.exit_code, ...limit, ...wrote, output: fence(origin, text, OUTPUT_CHARS) }, origin);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function inCage({ deps, project }: Workbench, argv: readonly string[], folders: { project: string; out: string }) {
  const { tools, signal } = deps;
  const cage = { ...cageOf(project, { suite: '', tree: '' }, folders), argv, timeout_ms: COMMAND_MS, output: COMMAND_OUTPUT };
  return runCage(tools, { ...cage, ...(signal ? { signal } : {}) });
}

type ChangedBy = { readonly ok: true; readonly paths: readonly string[] } | Refused;

/** What a command changed. When it left what may not be there, all of it is taken back. */
async function changedBy(bench: Workbench, before: string): Promise<ChangedBy> {
  bench.touch();
  try {
    const after = await bench.tree();
    const paths = (await bench.store.difference(before, after)).map(({ path }) => path);
    const outside = paths.find((path) => mayNot(bench, path));
    if (outside === undefined) return { ok: true, paths };
    await bench.reset(before);
    return refuse('command_failed', `It changed ${outside}, which may not be changed here; its work was taken back`);
  } catch (error) {
    if (!(error instanceof UnfitFilesError)) throw error;
    return refuse('command_failed', `It left what may not be there (${error.message.slice(0, 600)}); its work was taken back`);
  }
}

type Paths = { readonly ok: true; readonly paths: readonly string[] } | Refused;

/** Paths as a program takes them: never an option of it. */
function pathsOf(bench: Workbench, given: readonly string[] = []): Paths {
  const paths: string[] = [];
  for (const one of given) {
    const place = placeOf(bench, one);
    if (!place.ok) return place;
    if (!place.node) return refuse('not_found', `There is nothing at ${place.path}; list_files shows what is there`);
    paths.push(place.path === '' ? '.' : place.path.startsWith('-') ? `./${place.path}` : place.path);
  }
  return { ok: true, paths };
}

function unknownName(what: 'suite' | 'command', name: string, known: readonly string[]): Refused {
  const there = known.length > 0 ? `It has: ${known.slice(0, NAMES).join(', ')}` : 'It has none';
  return refuse('no_such_name', `The project has no ${what} "${name}". ${there}`);
}
