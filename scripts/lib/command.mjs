import { spawn } from 'node:child_process';
import { ROOT } from './root.mjs';

/**
 * Run a program to its end. Resolves with `{ code, output }`; `code` is 127 when there is no such program. Without
 * `quiet` the program talks to the terminal and `output` is empty. SIGINT and SIGTERM are passed on.
 */
export function run(program, args, { quiet = false, env = process.env, cwd = ROOT, timeoutMs } = {}) {
  return new Promise((resolve) => {
    const stdio = quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'];
    const child = spawn(program, args, { cwd, env, stdio });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text));
    const forward = (signal) => child.kill(signal);
    const late = timeoutMs === undefined ? undefined : setTimeout(forward, timeoutMs, 'SIGKILL');
    const done = (code) => {
      clearTimeout(late);
      process.off('SIGINT', forward).off('SIGTERM', forward);
      resolve({ code, output });
    };
    process.on('SIGINT', forward).on('SIGTERM', forward);
    child.on('error', (error) => done(error.code === 'ENOENT' ? 127 : 126));
    child.on('close', (code, signal) => done(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}
