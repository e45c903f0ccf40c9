import { readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { isOutdated, MODULES, missingPackage, projectsIn } from './installed.mjs';
import { refusalOf, whyNot } from './machine.mjs';
import { ROOT } from './root.mjs';
import { say } from './say.mjs';

const OLDEST_MAJOR = 10;
/** What a person's own settings would change and pnpm-workspace.yaml cannot hold. */
const FORCED = ['--config.lockfile=true', `--config.node-version=${process.versions.node}`];
const INSTALL = ['install', '--frozen-lockfile', '--prefer-offline', ...FORCED];
const SPOKEN = ['--reporter=append-only', '--use-stderr'];

/**
 * The words that start pnpm: `pnpm` 10 or newer from PATH, else Corepack's, else the pinned version through npm.
 * Nothing is installed outside the caches of those tools.
 */
export async function findPnpm() {
  if (await answersWell('pnpm', ['--version'])) return ['pnpm'];
  if (await answersWell('corepack', ['pnpm', '--version'])) return ['corepack', 'pnpm'];
  return ['npm', 'exec', '--yes', '--workspaces=false', '--', `pnpm@${pinnedVersion()}`];
}

/** Run pnpm with these arguments. Resolves with its exit code. */
export async function pnpm(args, options) {
  const [program, ...words] = await findPnpm();
  const { code, output } = await run(program, [...words, ...args], { ...options, env: { ...quietEnvironment(), CI: 'true' } });
  return { code, output };
}

/**
 * Install the dependencies when the lockfile is newer than what is installed, or something of it is missing. False when that
 * failed; then it is said why.
 */
export async function installWhenNeeded() {
  if (isOutdated()) return install('Installing dependencies');
  const missing = missingPackage();
  return missing === undefined || reinstall(`${missing} is missing from what is installed; installing everything anew`);
}

/** Install from nothing: what pnpm takes for whole may lack files. */
export async function reinstall(reason) {
  const refusal = refusalOf(ROOT);
  if (refusal !== undefined) return giveUp(reason, refusal);
  for (const project of projectsIn(ROOT)) rmSync(join(project, 'node_modules'), { recursive: true, force: true });
  return install(reason);
}

async function install(reason) {
  const refusal = refusalOf(ROOT);
  if (refusal !== undefined) return giveUp(reason, refusal);
  say(reason);
  const { code } = await pnpm([...INSTALL, ...SPOKEN]);
  if (code !== 0) {
    say(`The dependencies could not be installed (pnpm ended with ${code}); its message stands above.`);
    say('When the network was the reason, run the command again; pnpm continues where it stopped.');
    return false;
  }
  const missing = missingPackage();
  if (missing !== undefined) {
    say(
      `pnpm installed everything it was told to, and ${missing} is not among it. Some setting leaves it out; they are listed by`,
    );
    say('pnpm config list, and stand in ~/.npmrc or in variables called npm_config_…');
    return false;
  }
  const now = new Date();
  utimesSync(MODULES, now, now); // pnpm leaves the file alone when there was nothing to do
  return true;
}

function giveUp(reason, refusal) {
  say(`${reason}: this cannot be done. ${whyNot(ROOT, refusal)}`);
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
