#!/usr/bin/env node
// How many source files one plain task runs through, by V8's own coverage of the real programs, run from source.
//
// A worker and the execution API run and are at rest; then `worker add` adds the task, and counting ends when it is
// approved and its author paid. A file counts as executed when one of its functions was called in that time. The command
// `add` counts from its very start to its end, worker and API without their start. Loading a module calls nothing.
//
//   pnpm main-line            the number, by package; with and without what starting and stopping takes
//   pnpm main-line --files    the files too, each with its functions that ran
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startModelServer } from '@vivarium/core/testing';
import { FROM_SOURCE, ROOT } from './lib/root.mjs';

const MARKS = ['--import', join(ROOT, 'scripts', 'lib', 'coverage-marks.mjs')];
const PATIENCE_MS = 30_000;
const REST_MS = 500;
const LOOK_MS = 50;
/** What compilers put in, and the bodies of classes: called when a module is loaded. */
const LOADING = new Set(['', '__name', '<static_initializer>', '<instance_members_initializer>']);

/** Source files by path, each with its functions that were called: from `add` to `approved`, and in all of the programs' lives. */
export async function filesOfOneTask() {
  const room = mkdtempSync(join(tmpdir(), 'vivarium-main-line-'));
  try {
    return await runOneTask(room);
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}

async function runOneTask(room) {
  const model = await startModelServer();
  const world = join(room, 'world');
  const env = {
    PATH: process.env.PATH,
    HOME: room,
    VIVARIUM_WORKSPACE: world,
    VIVARIUM_API_PORT: '0',
    VIVARIUM_PROVIDER: 'openai',
    OPENAI_BASE_URL: model.openaiBaseUrl,
    // No heartbeat falls into the count.
    VIVARIUM_LEASE_SECONDS: '3600',
  };
  const program = (name, args, more = {}) =>
    spawn(process.execPath, [...FROM_SOURCE, ...MARKS, join(ROOT, 'packages', name, 'src', 'main.ts'), ...args], {
      cwd: ROOT,
      env: { ...env, ...more, NODE_V8_COVERAGE: join(room, args[0] ?? name) },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
  const api = program('api', []);
  const { port } = await message(api, (heard) => 'port' in heard);
  const places = { VIVARIUM_API_PORT: String(port) };
  const worker = program('worker', ['run'], places);
  await said(worker, 'the execution API is ready');
  await setTimeout(REST_MS);
  await mark(api);
  await mark(worker);
  const started = [join(room, 'api'), join(room, 'run')].flatMap(reportsIn);
  const add = program('worker', ['add', 'plain', 'Name three colours of the sea'], places);
  await once(add, 'exit');
  await until(() => textOf(join(world, '.swarm', 'ledger.jsonl')).includes('learned:plain::'));
  await mark(worker);
  await mark(api);
  const onTheWay = ['api', 'run', 'add'].flatMap((name) => reportsIn(join(room, name))).filter((file) => !started.includes(file));
  const ends = [api, worker].map((child) => once(child, 'exit'));
  worker.kill('SIGTERM');
  api.kill('SIGTERM');
  await Promise.all(ends);
  await model.close();
  const all = ['api', 'run', 'add'].flatMap((name) => reportsIn(join(room, name)));
  return { onTheWay: calledIn(onTheWay), all: calledIn(all) };
}

async function mark(child) {
  child.send('mark');
  await message(child, (heard) => heard === 'marked');
}

async function message(child, isIt) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  for (;;) {
    const [heard] = await once(child, 'message', { signal });
    if (isIt(heard)) return heard;
  }
}

function said(child, words) {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr.on('data', (more) => {
      text += more;
      if (text.includes(words)) resolve();
    });
    child.on('exit', () => reject(new Error(`the program ended before it said "${words}"\n${text}`)));
  });
}

async function until(isSo) {
  for (const end = Date.now() + PATIENCE_MS; !isSo(); await setTimeout(LOOK_MS))
    if (Date.now() > end) throw new Error('the task was not approved in time');
}

const textOf = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
const reportsIn = (folder) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []);

function calledIn(reports) {
  const files = new Map();
  for (const report of reports)
    for (const { url, functions } of JSON.parse(readFileSync(report, 'utf8')).result) {
      const file = sourceOf(url);
      const ran = functions.filter(({ functionName, ranges: [whole] }) => whole.count > 0 && !LOADING.has(functionName));
      if (file === undefined || ran.length === 0) continue;
      files.set(file, new Set([...(files.get(file) ?? []), ...ran.map(({ functionName }) => functionName)]));
    }
  return new Map([...files].sort(([a], [b]) => a.localeCompare(b)));
}

function sourceOf(url) {
  if (!url.startsWith('file:')) return undefined;
  const file = relative(ROOT, fileURLToPath(url.replace(/\?.*$/, '')));
  return /^packages\/[^/]+\/src\/.*\.tsx?$/.test(file) ? file : undefined;
}

function print({ onTheWay, all }) {
  if (process.argv.includes('--files')) for (const [file, names] of onTheWay) say(`${file}: ${[...names].join(', ')}`);
  const packages = (files) => [...files.keys()].map((file) => file.split('/')[1]);
  const within = (files, name) => packages(files).filter((one) => one === name).length;
  for (const name of new Set(packages(all)))
    say(`${within(onTheWay, name)} files of ${name} (${within(all, name)} with start and stop)`);
  say(`${onTheWay.size} files from add to approved (${all.size} with start and stop)`);
}

const say = (line) => process.stdout.write(`${line}\n`);

if (process.argv[1] === fileURLToPath(import.meta.url)) print(await filesOfOneTask());
