import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modified, newest } from './newest.mjs';
import { pnpm } from './pnpm.mjs';
import { ROOT } from './root.mjs';
import { say } from './say.mjs';

const PANEL = join('packages', 'control-panel');
const BUILT = join(ROOT, PANEL, 'dist', 'index.html');

/** Build the panel's pages when their sources are newer than the last build. False when there is none to show. */
export async function buildPanelWhenStale() {
  if (!existsSync(join(ROOT, PANEL, 'web', 'index.html')) || !isStale()) return true;
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

/**
 * Whether the page is behind what it was built from: its folder, every source that its build reached beyond it, what names
 * its libraries, and the libraries themselves. The build leaves the list (packages/control-panel/web/vite.config.ts).
 */
export function isStale(root = ROOT) {
  const { began, files } = builtFrom(join(root, PANEL, 'dist', '.sources.json'));
  const named = [join(PANEL, 'package.json'), 'pnpm-lock.yaml', ...files];
  return newest(join(root, PANEL, 'web')) > began || named.some((file) => modified(join(root, file)) > began);
}

/** A list that is not there, or not whole, is older than everything. */
function builtFrom(list) {
  try {
    const { began, files } = JSON.parse(readFileSync(list, 'utf8'));
    return { began: Number(began) || 0, files: Array.from(files) };
  } catch {
    return { began: 0, files: [] };
  }
}
