import { isLoopbackHost } from '@vivarium/core';

/** What the perimeter looks at in a request, before anything else runs. */
export interface Approach {
  readonly method: string;
  readonly path: string;
  readonly upgrade: boolean;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly token: string | undefined;
}

export interface Turned {
  readonly status: 403 | 421;
  readonly code: string;
  readonly error: string;
  readonly fix: string;
}

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const SOCKET_PATH = /^\/socket\.io(\/|$|\?)/;

/** The port on which this panel listens, and those that a person said are forwarded to it. */
export interface Ports {
  readonly own: number;
  readonly forwarded: readonly number[];
}

/** The port in a `Host` that names this machine; a browser leaves 80 out. Undefined for every other name. */
const portOfLoopback = (host: string): number | undefined =>
  isLoopbackHost(host) ? Number(/:(\d+)$/.exec(host)?.[1] ?? 80) : undefined;

/**
 * Who may come in. A foreign `Host` is turned away always; a foreign `Origin` on every write and on the event feed; a
 * write that names no origin needs the internal token. Same origin means the same host and the same port, also where a port is
 * forwarded. `isToken` compares in constant time.
 */
export function admit(approach: Approach, ports: Ports, isToken: (given: string) => boolean): Turned | undefined {
  const host = approach.host?.toLowerCase() ?? '';
  const port = portOfLoopback(host);
  if (port === undefined || (port !== ports.own && !ports.forwarded.includes(port))) return wrongHost(port, ports);
  const feed = approach.upgrade || SOCKET_PATH.test(approach.path);
  if (!feed && READS.has(approach.method)) return undefined;
  const foreignSite = approach.fetchSite !== undefined && !['same-origin', 'none'].includes(approach.fetchSite);
  const foreignOrigin = approach.origin !== undefined && approach.origin.toLowerCase() !== `http://${host}`;
  if (foreignSite || foreignOrigin) return foreign();
  if (feed || approach.origin !== undefined) return undefined;
  if (approach.token !== undefined && isToken(approach.token)) return undefined;
  return unsigned();
}

function wrongHost(port: number | undefined, { own, forwarded }: Ports): Turned {
  const base = { status: 421, code: 'VIV_WRONG_HOST' } as const;
  const open = `open http://127.0.0.1:${own}/ on this machine`;
  if (port === undefined)
    return { ...base, error: 'This name does not belong to the control panel', fix: `${open[0]?.toUpperCase()}${open.slice(1)}` };
  const line = `VIVARIUM_PANEL_FORWARDED_PORTS=${[...forwarded, port].join(',')}`;
  return {
    ...base,
    error: `The control panel listens on port ${own} and was asked for on port ${port}`,
    fix: `If you forward port ${port} to it, put the line ${line} into .env and start it again; else ${open}`,
  };
}

function foreign(): Turned {
  return {
    status: 403,
    code: 'VIV_FOREIGN_ORIGIN',
    error: 'The request comes from another site',
    fix: 'Use the page that the control panel itself serves',
  };
}

function unsigned(): Turned {
  return {
    status: 403,
    code: 'VIV_NO_ORIGIN',
    error: 'A write without an Origin needs the header X-Vivarium-Internal-Token',
    fix: 'Scripts send the token from .swarm/security/internal_execution_token.txt',
  };
}
