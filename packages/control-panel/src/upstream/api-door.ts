import { request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface ToApi {
  readonly port: number;
  readonly path: string;
  readonly timeoutMs: number;
  readonly token?: string;
  /** Makes it a POST. */
  readonly body?: string;
}

/** One request to the execution API on this machine, past any proxy. @throws when it does not answer in time */
export function askApi({ port, path, timeoutMs, token, body }: ToApi): Promise<{ status: number; body: string }> {
  const headers = {
    ...(token === undefined ? {} : { 'x-vivarium-internal-token': token }),
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
  };
  const options = { host: '127.0.0.1', port, path, method: body === undefined ? 'GET' : 'POST', headers, agent: false as const };
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
    });
    sent.on('error', reject).end(body);
  });
}
