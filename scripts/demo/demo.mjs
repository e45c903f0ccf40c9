import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from '../lib/command.mjs';
import { FROM_SOURCE } from '../lib/root.mjs';
import { say } from '../lib/say.mjs';
import { serve } from '../lib/serve.mjs';

const MODEL = {
  name: 'scripted model',
  args: [...FROM_SOURCE, 'scripts/demo/model.ts'],
  portVariable: 'GROQ_BASE_URL',
  portAs: (port) => `http://127.0.0.1:${port}`,
};

/** `pnpm demo [--home <folder>] [--port <port>]`: a scripted world to walk about in. Without a home it leaves nothing behind. */
export function demo(options) {
  const { values } = parseArgs({ args: options, options: { home: { type: 'string' }, port: { type: 'string', default: '0' } } });
  return inHome(values.home, (home) =>
    scriptedWorld(home, values.port, (address) => {
      process.stdout.write(`The scripted demo is open at ${address} (Ctrl-C stops it). A script answers, not a model.\n`);
      if (values.home) say(`Its world stays in ${home}`);
    }),
  );
}

/** `pnpm screenshots [folder]`: pictures of every page of the scripted world, into `docs/screenshots` by default. */
export function screenshots([folder = 'docs/screenshots']) {
  const pictures = (address) => run(process.execPath, [...FROM_SOURCE, 'scripts/demo/pictures.ts', address, resolve(folder)]);
  return inHome(undefined, (home) => scriptedWorld(home, '0', async (address) => (await pictures(address)).code));
}

async function inHome(given, work) {
  const home = given === undefined ? mkdtempSync(join(tmpdir(), 'vivarium-demo-')) : resolve(given);
  try {
    return await work(home);
  } finally {
    if (given === undefined) rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function scriptedWorld(home, port, onOpen) {
  const { code } = await run(process.execPath, [...FROM_SOURCE, 'scripts/demo/seed.ts', home]);
  if (code !== 0) return code;
  const env = {
    VIVARIUM_WORKSPACE: home,
    VIVARIUM_API_PORT: '0',
    VIVARIUM_CONTROL_PANEL_PORT: port,
    VIVARIUM_PROVIDER: 'groq',
    VIVARIUM_APPROVAL: 'evidence',
    GROQ_API_KEY: 'gsk_of_the_scripted_demo_0000',
    SWARM_BUDGET_LIMIT: '0.25',
    SWARM_RATE_LIMIT: '600',
    VIVARIUM_LOG_LEVEL: 'warn',
  };
  return serve({ first: [MODEL], env, onOpen });
}
