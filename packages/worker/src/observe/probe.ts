import { type HttpObservation, type HttpWish, httpWitness, type Witness } from '@vivarium/core';
import { Agent, request } from 'undici';

const PATIENCE_MS = 5_000;
const BODY_BYTES = 256 * 1024;

let direct: Agent | undefined;

/** Ask a loopback address once, never through a proxy. The schema of the task lets no other address through; redirects are not followed. */
export async function probe(wish: HttpWish, signal: AbortSignal): Promise<Witness> {
  return httpWitness(wish, await look(wish.url, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)])));
}

async function look(url: string, signal: AbortSignal): Promise<HttpObservation> {
  try {
    direct ??= new Agent();
    const { statusCode, body } = await request(url, { method: 'GET', signal, dispatcher: direct });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= BODY_BYTES) break;
    }
    return { status: statusCode, body: Buffer.concat(chunks).toString('utf8') };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}
