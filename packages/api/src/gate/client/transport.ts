import { isOwnModelServer } from '@vivarium/core';
import { Agent, type Dispatcher } from 'undici';
import { readBody, withBytes } from '../stream/stream.ts';

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

let agent: Agent | undefined;
let loopbackByProxy = false;

/** Ask servers on this machine as any other, through the proxy that Node uses: for who has a proxy that must see every call. */
export function leaveLoopbackToProxy(): void {
  loopbackByProxy = true;
}

/**
 * Never through a proxy, whatever the environment says, and without limits of its own on time: a server on this machine
 * may load its model for minutes before it sends a byte. Only `readBody` and `readReply` read its body: Node's own stream, for one
 * of the web's costs more than all the rest of a call.
 */
async function directly(url: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  agent ??= new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  const { method = 'GET', body, headers, signal } = init;
  const reply = await agent.request({
    ...placeOf(url),
    method: method === 'POST' ? 'POST' : 'GET',
    headers: Object.fromEntries(new Headers(headers)),
    body: typeof body === 'string' ? body : null,
    signal: signal ?? null,
  });
  return withBytes(new Response(null, { status: reply.statusCode, headers: headersOf(reply.headers) }), reply.body);
}

function placeOf(url: string | URL | Request): { readonly origin: string; readonly path: string } {
  const { origin, pathname, search } = new URL(url instanceof Request ? url.url : url);
  return { origin, path: pathname + search };
}

const headersOf = (headers: Dispatcher.ResponseData['headers']): [string, string][] =>
  Object.entries(headers).flatMap(([name, values = []]) => [values].flat().map((value): [string, string] => [name, value]));

/** The way to a provider. @throws HttpRefusal for every status that is not a good one */
export function fetchFor(baseUrl: string): Fetch {
  const send: Fetch = isOwnModelServer(baseUrl) && !loopbackByProxy ? directly : (url, init) => fetch(url, init);
  return async (url, init) => {
    // Another host would get the prompt, and is nobody's choice.
    const response = await send(url, { ...init, redirect: init?.redirect ?? 'manual' });
    if (response.ok) return response;
    throw new HttpRefusal(response.status, response.headers, await readBody(response).catch(() => ''));
  };
}
