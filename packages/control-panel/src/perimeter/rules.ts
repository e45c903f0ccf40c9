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

/** The names under which this panel answers: loopback names with its own port, nothing else. */
export function allowedHosts(port: number): ReadonlySet<string> {
  const names = ['127.0.0.1', 'localhost', '[::1]'];
  return new Set(port === 80 ? [...names, ...names.map((name) => `${name}:80`)] : names.map((name) => `${name}:${port}`));
}

/**
 * Who may come in. A foreign `Host` is turned away always; a foreign `Origin` on every write and on the event feed; a
 * write that names no origin needs the internal token. Same origin means the same host and the same port.
 * `isToken` compares in constant time.
 */
export function admit(approach: Approach, hosts: ReadonlySet<string>, isToken: (given: string) => boolean): Turned | undefined {
  const host = approach.host?.toLowerCase();
  if (host === undefined || !hosts.has(host)) return wrongHost(hosts);
  const feed = approach.upgrade || SOCKET_PATH.test(approach.path);
  if (!feed && READS.has(approach.method)) return undefined;
  const foreignSite = approach.fetchSite !== undefined && !['same-origin', 'none'].includes(approach.fetchSite);
  const foreignOrigin = approach.origin !== undefined && approach.origin.toLowerCase() !== `http://${host}`;
  if (foreignSite || foreignOrigin) return foreign();
  if (feed || approach.origin !== undefined) return undefined;
  if (approach.token !== undefined && isToken(approach.token)) return undefined;
  return unsigned();
}

function wrongHost(hosts: ReadonlySet<string>): Turned {
  const [first = ''] = hosts;
  return {
    status: 421,
    code: 'VIV_WRONG_HOST',
    error: 'This name does not belong to the control panel',
    fix: `Open http://${first}/ on this machine`,
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
