/** Bodies that are no stream of the web: one of those costs more than all the rest of a call to a server on this machine. */
const BODIES = new WeakMap<Response, AsyncIterable<Uint8Array>>();

/** Let a response have its body from elsewhere. Only `bytesOf` knows of it. */
export function withBytes(response: Response, body: AsyncIterable<Uint8Array>): Response {
  BODIES.set(response, body);
  return response;
}

/** What a response brings, piece by piece as it comes. */
export const bytesOf = (response: Response): AsyncIterable<Uint8Array> | null => BODIES.get(response) ?? response.body;
