const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
/** 127.0.0.0/8 as it is, in its IPv6 dress as sockets and as URLs write that, and ::1. */
const ADDRESS = new RegExp(`^(?:(?:::ffff:)?127(?:\\.${OCTET}){3}|::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}|::1)$`);

/** True for an address of this very machine. */
export const isLoopbackAddress = (address = ''): boolean => ADDRESS.test(address.toLowerCase());

/**
 * True for a host that names this machine, as a URL or a `Host` header writes it, with or without a port: `localhost` or a
 * loopback address. Names below `localhost` count only with `subdomains`: some systems look them up elsewhere.
 */
export function isLoopbackHost(host = '', { subdomains = false } = {}): boolean {
  const bare = host.toLowerCase().replace(/:\d{1,5}$/, '');
  const name = /^\[(.+)\]$/.exec(bare)?.[1] ?? bare;
  return name === 'localhost' || (subdomains && name.endsWith('.localhost')) || isLoopbackAddress(name);
}

/** True for a URL of this machine with one of the protocols, and without credentials. */
export function isLoopbackUrl(text: string, protocols: readonly string[] = ['http:', 'https:']): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return protocols.includes(protocol) && username === '' && password === '' && isLoopbackHost(hostname);
}

/** True for the base URL of a model server on this machine: it costs nothing, and no proxy stands before it. */
export const isOwnModelServer = (baseUrl: string): boolean =>
  URL.canParse(baseUrl) && isLoopbackHost(new URL(baseUrl).hostname, { subdomains: true });
