import { chmodSync, closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';

/** A socket that nobody else on this machine may open. */
export interface Listening {
  readonly socket: string;
  /** The folder goes with it. */
  remove(): void;
}

/**
 * Listen on a Unix socket in a folder of its own. The kernel takes 108 bytes of such a path, so it is named through the open
 * folder, however deep that lies.
 */
export async function listenIn(folder: string, server: Server): Promise<Listening> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const socket = join(folder, 'gate.sock');
  const open = openSync(folder, 'r');
  const remove = () => {
    closeSync(open);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(`/proc/self/fd/${open}/gate.sock`, () => resolve(void server.off('error', reject)));
    });
    chmodSync(socket, 0o600);
    return { socket, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
