#!/usr/bin/env node
// npm start, npm test, pnpm demo and pnpm check, with nothing but Node: finds pnpm, installs when needed, then does the work.
import { demo, screenshots } from './demo/demo.mjs';
import { run } from './lib/command.mjs';
import { compileWhenStale, plainScriptNow } from './lib/compile.mjs';
import { tooNarrow } from './lib/machine.mjs';
import { buildPanelWhenStale } from './lib/panel.mjs';
import { installWhenNeeded, reinstall } from './lib/pnpm.mjs';
import { say } from './lib/say.mjs';
import { serve } from './lib/serve.mjs';

const OLDEST_NODE = [20, 19];
/** Exit codes of the preflight: all well, something to put right, stopped by Ctrl-C or SIGTERM. */
const VERDICTS = new Set([0, 2, 130, 143]);
const COMMANDS = { start, test, check, demo, screenshots };

const [name = '', ...args] = process.argv.slice(2);
process.exitCode = await main();

async function main() {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    say(`Usage: node scripts/run.mjs ${Object.keys(COMMANDS).join('|')} [arguments]`);
    return 2;
  }
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    say(`Vivarium needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}. See https://nodejs.org`);
    return 2;
  }
  const narrow = tooNarrow();
  if (narrow !== undefined) {
    say(narrow);
    return 2;
  }
  return (await installWhenNeeded()) ? command(args) : 1;
}

/** The three programs on the world of the configuration. */
async function start() {
  const code = await preflight();
  if (code !== 0) return code;
  return serve({
    onOpen: (address) => void process.stdout.write(`Vivarium is open at ${address} (Ctrl-C stops it)\n`),
  });
}

/** The first program that uses what is installed. When it cannot even run, something lacks files: install anew, once. */
async function preflight() {
  await compileWhenStale();
  const look = () => run(process.execPath, plainScriptNow('scripts/preflight.mjs'), { quiet: true });
  let found = await look();
  if (!VERDICTS.has(found.code)) {
    if (!(await reinstall('What is installed does not run; installing everything anew'))) return 1;
    found = await look();
  }
  process.stderr.write(found.output);
  return found.code;
}

/** The whole suite, or what the arguments choose, e.g. `npm test -- --project unit`. */
async function test(options) {
  const wantsPanel = !options.includes('--project') || ['e2e', 'browser'].some((name) => options.includes(name));
  if (wantsPanel && !(await buildPanelWhenStale())) return 1;
  const { code } = await run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...options]);
  return code;
}

async function check(options) {
  const { code } = await run(process.execPath, ['scripts/check.mjs', ...options]);
  return code;
}
