import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { InvalidInputError, StorageError } from '@vivarium/core';
import { panelApp } from './app.ts';
import { Attention } from './feed/attention.ts';
import { Feed } from './feed/feed.ts';
import { serveFeed } from './feed/socket.ts';
import { feedFrom } from './feed/sources.ts';
import type { DescribedRoute } from './http/route.ts';
import { guardServer } from './perimeter/guard.ts';
import { stopStatus } from './presenters/views.ts';
import { listIdentities } from './projections/identities.ts';
import { openProjections } from './projections/projections.ts';
import { panelRoutes } from './routes/table.ts';
import { WorkerPool } from './worker-pool/worker-pool.ts';
import type { World } from './world/world.ts';

export interface Panel {
  readonly port: number;
  readonly url: string;
  /** What it can be asked in JSON. */
  readonly routes: readonly DescribedRoute[];
  close(): Promise<void>;
}

/** Start the control panel on loopback. @throws InvalidInputError when the port is taken */
export async function startPanel(world: World, dist: string): Promise<Panel> {
  const feed = new Feed({ epoch: randomUUID(), base: world.now().getTime() });
  const { provider } = world;
  const identities = () => listIdentities(world.society);
  const attention = new Attention(world.store);
  const projections = await openProjections(world);
  const pool = new WorkerPool(world.config, world.now);
  const routes = panelRoutes(world, { feed, provider, identities, projections, pool });
  const http = createServer(panelApp(world, { feed, routes, dist }));
  const io = serveFeed(http, world, feed, { attention, provider, identities });
  guardServer(http, world.token, world.config.forwardedPorts);
  const stop = await feedFrom(world, feed, {
    attention,
    provider,
    identities,
    watched: () => io.engine.clientsCount > 0,
    onAction: (entry) => io.emit('log_entry', entry),
    onIdentities: (rows) => io.emit('identities', rows),
    onSwitch: () => io.emit('stop_status', stopStatus(world)),
  });
  const port = await listen(http, world.config.panelPort);
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    routes,
    async close() {
      stop();
      await Promise.all([projections.close(), io.close(), pool.close()]);
      http.closeAllConnections();
    },
  };
}

function listen(http: ReturnType<typeof createServer>, wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EADDRINUSE') return reject(new StorageError('The panel cannot listen', { cause }));
      const message = `port ${wanted} is taken; stop the other program or choose another port, 0 for any`;
      reject(new InvalidInputError('The panel cannot start', [{ field: 'VIVARIUM_CONTROL_PANEL_PORT', message }]));
    });
    http.listen(wanted, '127.0.0.1', () => {
      const address = http.address();
      resolve(typeof address === 'object' && address !== null ? address.port : wanted);
    });
  });
}
