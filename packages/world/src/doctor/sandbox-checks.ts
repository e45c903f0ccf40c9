import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Finding } from './finding.ts';

const run = promisify(execFile);
const TRY = ['--ro-bind', '/', '/', '--unshare-all', '--as-pid-1', '--die-with-parent', 'true'];
const INSTALL = 'Install it: apt-get install bubblewrap ripgrep (or your system’s packages)';

/** Can local commands be put into a sandbox of the operating system, and is ripgrep there? */
export async function checkSandbox(): Promise<readonly Finding[]> {
  return [await bubblewrap(), await ripgrep()];
}

async function bubblewrap(): Promise<Finding> {
  const check = 'sandbox';
  try {
    await run('bwrap', TRY, { timeout: 5_000 });
    return { level: 'ok', check, message: 'bubblewrap works: local commands run in a sandbox without network' };
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const message = missing
      ? 'bubblewrap is not installed: the read-only programs still run, held by their argument grammar alone; changes to projects are off'
      : 'bubblewrap is installed and does not work here: the read-only programs are held by their argument grammar alone; changes to projects are off';
    return { level: 'warning', check, message, fix: missing ? INSTALL : 'Allow unprivileged user namespaces for bwrap' };
  }
}

async function ripgrep(): Promise<Finding> {
  const check = 'ripgrep';
  try {
    await run('rg', ['--version'], { timeout: 5_000 });
    return { level: 'ok', check, message: 'rg is installed' };
  } catch {
    return { level: 'warning', check, message: 'rg is not installed: local commands with rg fail', fix: INSTALL };
  }
}
