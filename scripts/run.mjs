#!/usr/bin/env node
// npm start, npm test and pnpm check, with nothing but Node: finds pnpm, installs when needed, then does the work.
import { run } from './lib/command.mjs';
import { compileWhenStale } from './lib/compile.mjs';
import { whenNpmIsGone } from './lib/npm-parent.mjs';
import { buildPanelWhenStale } from './lib/panel.mjs';
import { installWhenNeeded } from './lib/pnpm.mjs';
import { FROM_SOURCE, ROOT } from './lib/root.mjs';
import { say } from './lib/say.mjs';
import { Supervisor, stopOnSignals } from './supervise.mjs';

const OLDEST_NODE = [20, 19];
const COMMANDS = { start, test, check };

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
  return (await installWhenNeeded()) ? command(args) : 1;
}

/** API first, because the others need its port; then worker and panel. */
async function start() {
  const { code } = await run(process.execPath, [...FROM_SOURCE, 'scripts/preflight.ts']);
  if (code !== 0) return code;
  const [entry, panelIsBuilt] = await Promise.all([compileWhenStale(), buildPanelWhenStale()]);
  if (!panelIsBuilt) return 1;
  const supervisor = new Supervisor({ say, cwd: ROOT });
  const ended = stopOnSignals(supervisor, say);
  whenNpmIsGone(() => {
    say('npm has gone; stopping');
    void supervisor.stop(143);
  });
  const ready = await supervisor.start([
    [{ name: 'API', args: entry('api'), portVariable: 'VIVARIUM_API_PORT' }],
    [
      { name: 'worker', args: entry('worker', 'run') },
      { name: 'panel', args: entry('control-panel'), portVariable: 'VIVARIUM_CONTROL_PANEL_PORT' },
    ],
  ]);
  if (ready) process.stdout.write(`Vivarium is open at ${addressIn(ready.panel)} (Ctrl-C stops it)\n`);
  return ended;
}

/** The whole suite, or what the arguments choose, e.g. `npm test -- --project unit`. */
async function test(options) {
  const wantsPanel = !options.includes('--project') || options.includes('e2e');
  if (wantsPanel && !(await buildPanelWhenStale())) return 1;
  const { code } = await run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...options]);
  return code;
}

async function check(options) {
  const { code } = await run(process.execPath, ['scripts/check.mjs', ...options]);
  return code;
}

function addressIn({ ready, port }) {
  return /https?:\/\/\S+/.exec(ready)?.[0] ?? `http://127.0.0.1:${port}`;
}
