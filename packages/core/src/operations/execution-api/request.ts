import { request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface ApiRequest {
  /** Where the execution API is, as `apiEndpoint` finds it. */
  readonly endpoint: string;
  readonly path: string;
  readonly timeoutMs: number;
  readonly token?: string;
  /** Makes it a POST. */
  readonly body?: string;
}

/** One request to the execution API on this machine, past any proxy. @throws when it does not answer in time */
export function requestApi({ endpoint, path, timeoutMs, token, body }: ApiRequest): Promise<{ status: number; body: string }> {
  const headers = {
    ...(token === undefined ? {} : { 'x-vivarium-internal-token': token }),
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
  };
  const options = { method: body === undefined ? 'GET' : 'POST', headers, agent: false as const };
  return new Promise((resolve, reject) => {
    const sent = request(`${endpoint}${path}`, { ...options, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
    });
    sent.on('error', reject).end(body);
  });
}
