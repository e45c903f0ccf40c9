import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers `/status` as the execution API does. */
export async function fakeApi(provider: object = READY): Promise<{ port: number; close(): void }> {
  const budget = { cap_usd: 5, spent_usd: 0, reserved_usd: 0 };
  const status = { tasks: 0, completed: 0, failed: 0, by_status: {}, running: [], budget, provider, switch: 'running' };
  const server: Server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(status));
  });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

export const READY = {
  name: 'groq',
  state: 'ready',
  detail: 'Answers came from api.groq.com',
  default_model: 'openai/gpt-oss-20b',
  fingerprint: 'f',
};
