import { Agent, fetch as undiciFetch } from 'undici';
import { isLoopback } from './base-url.ts';
import { readBody } from './stream.ts';

/** A response with a bad status, as it came; the SDKs' own errors keep less of it. */
export class HttpRefusal extends Error {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;

  constructor(status: number, headers: Headers, body: string) {
    super(`HTTP ${status}`);
    this.name = 'HttpRefusal';
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

type Fetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * Never through a proxy, whatever the environment says, and without limits of its own on time: a server on this machine
 * may load its model for minutes before it sends a byte.
 */
let direct: Agent | undefined;
const directly = (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
  direct ??= new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  const send = undiciFetch as unknown as (url: unknown, init: object) => Promise<Response>;
  return send(url, { ...init, dispatcher: direct });
};

/** The way to a provider. @throws HttpRefusal for every status that is not a good one */
export function fetchFor(baseUrl: string): Fetch {
  const send: Fetch = isLoopback(baseUrl) ? directly : (url, init) => fetch(url, init);
  return async (url, init) => {
    const response = await send(url, init);
    if (response.ok) return response;
    throw new HttpRefusal(response.status, response.headers, await readBody(response).catch(() => ''));
  };
}
