const GRACE_MS = 6000;

/**
 * Tell whoever started this process that it serves: one line on stdout, and a message when a supervisor listens
 * (`scripts/run.mjs`). `port` is the port that is really open, so that port 0 reaches the other processes.
 */
export function announceReady(line: string, details: { readonly port?: number } = {}): void {
  process.stdout.write(`${line}\n`);
  if (process.send && process.connected) process.send({ ready: line, ...details }, undefined, {}, () => {});
}

/**
 * End this process when its supervisor is gone, however it went: first as on SIGTERM, then for good after `graceMs`.
 * Without a supervisor this does nothing. Call it once, after the SIGTERM handler is in place.
 */
export function exitOnDisconnect(graceMs = GRACE_MS): void {
  if (!process.send) return;
  const leave = () => {
    setTimeout(() => process.exit(143), graceMs).unref();
    process.kill(process.pid, 'SIGTERM');
  };
  if (process.connected) process.once('disconnect', leave);
  else leave();
  process.channel?.unref(); // watching for the supervisor must not keep a finished process alive
}
