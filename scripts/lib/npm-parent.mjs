import { readFileSync } from 'node:fs';

const EVERY_MS = 1000;

/**
 * Call back when the npm that started this process is gone: npm waits for its script, so nobody is left who could stop it.
 * Does nothing when npm did not start it.
 */
export function whenNpmIsGone(callback) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const first = npmPid();
  const timer = setInterval(() => {
    if (npmPid() === first) return;
    clearInterval(timer);
    callback();
  }, EVERY_MS);
  timer.unref();
}

/** The parent, or its parent when npm put a shell between. */
function npmPid() {
  try {
    const [, name, rest] = /^\d+ \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${process.ppid}/stat`, 'utf8')) ?? [];
    return /sh$/.test(name) ? rest : String(process.ppid);
  } catch {
    return String(process.ppid); // no /proc on this system
  }
}
