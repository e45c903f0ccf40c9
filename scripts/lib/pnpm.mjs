import { readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { ROOT } from './root.mjs';
import { say } from './say.mjs';

const MODULES = join(ROOT, 'node_modules', '.modules.yaml');
const LOCKFILE = join(ROOT, 'pnpm-lock.yaml');
const OLDEST_MAJOR = 10;

/**
 * The words that start pnpm: `pnpm` 10 or newer from PATH, else Corepack's, else the pinned version through npm.
 * Nothing is installed outside the caches of those tools.
 */
export async function findPnpm() {
  if (await answersWell('pnpm', ['--version'])) return ['pnpm'];
  if (await answersWell('corepack', ['pnpm', '--version'])) return ['corepack', 'pnpm'];
  return ['npm', 'exec', '--yes', '--', `pnpm@${pinnedVersion()}`];
}

/** Run pnpm with these arguments. Resolves with its exit code. */
export async function pnpm(args, options) {
  const [program, ...words] = await findPnpm();
  const { code, output } = await run(program, [...words, ...args], { ...options, env: { ...quietEnvironment(), CI: 'true' } });
  return { code, output };
}

/** Install the dependencies when the lockfile is newer than what is installed. False when that failed. */
export async function installWhenNeeded() {
  if (modified(LOCKFILE) <= modified(MODULES)) return true;
  say('Installing dependencies');
  const { code } = await pnpm(['install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only', '--use-stderr']);
  if (code === 0) {
    const now = new Date();
    utimesSync(MODULES, now, now); // pnpm leaves the file alone when there was nothing to do
    return true;
  }
  say(`The dependencies could not be installed (pnpm ended with ${code}); its message stands above.`);
  say('When the network was the reason, run the command again; pnpm continues where it stopped.');
  return false;
}

async function answersWell(program, args) {
  const { code, output } = await run(program, args, { quiet: true, env: quietEnvironment(), timeoutMs: 60_000 });
  const major = Number.parseInt(/^v?(\d+)\.\d+\.\d+/m.exec(output)?.[1] ?? '', 10);
  return code === 0 && major >= OLDEST_MAJOR;
}

/** Production mode would leave out what builds and runs the sources; a prompt would wait for ever. */
function quietEnvironment() {
  const { NODE_ENV: _mode, ...env } = process.env;
  return { ...env, COREPACK_ENABLE_DOWNLOAD_PROMPT: '0', npm_config_update_notifier: 'false' };
}

function pinnedVersion() {
  const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return /^pnpm@([\d.]+)/.exec(packageManager)[1];
}

function modified(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
