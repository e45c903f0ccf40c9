import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pnpm } from './pnpm.mjs';
import { ROOT } from './root.mjs';
import { say } from './say.mjs';

const PANEL = join(ROOT, 'packages', 'control-panel');
const WEB = join(PANEL, 'web');
const BUILT = join(PANEL, 'dist', 'index.html');

/** Build the panel's pages when their sources are newer than the last build. False when there is none to show. */
export async function buildPanelWhenStale() {
  if (!existsSync(join(WEB, 'index.html')) || !isStale()) return true;
  say('Building the control panel');
  const { code, output } = await pnpm(['--filter', '@vivarium/control-panel', 'build'], { quiet: true });
  if (code === 0) return true;
  if (code === 130 || code === 143) return false; // somebody stopped it
  process.stderr.write(output);
  if (!existsSync(BUILT)) {
    say(`The control panel could not be built (exit code ${code}); the reason stands above.`);
    return false;
  }
  say('The control panel could not be built; showing the last one that could. The reason stands above.');
  return true;
}

function isStale() {
  const built = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return newest(WEB) > built || statSync(join(PANEL, 'package.json')).mtimeMs > built;
}

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    const time = entry.isDirectory() ? newest(path) : statSync(path).mtimeMs;
    latest = Math.max(latest, time);
  }
  return latest;
}
