import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApi } from '@vivarium/api';
import { type CycleResult, createLogger, loadConfig, type Problem, type StatusReport, workspacePaths } from '@vivarium/core';
import { type ModelHandler, type ModelServer, startModelServer } from '@vivarium/core/testing';
import { afterEach } from 'vitest';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

export function freshWorkspace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vivarium-api-'));
  open.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function aModelServer(handler?: ModelHandler): Promise<ModelServer> {
  const server = await startModelServer(handler);
  open.push(() => server.close());
  return server;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Omit<Problem, 'status'> & Omit<CycleResult, 'status'> & { readonly status: string | number };
  readonly text: string;
}

export interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it stands; objects become JSON. */
  readonly body?: unknown;
  readonly method?: string;
}

/** A raw HTTP request, so that every header is exactly the one the test names. */
export function send(port: number, path: string, { headers = {}, body, method }: Sent = {}): Promise<Answer> {
  const bytes = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, method: method ?? (body === undefined ? 'GET' : 'POST'), headers };
    const outgoing = httpRequest(options, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const json = /json/.test(String(reply.headers['content-type']));
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: json ? JSON.parse(text) : {}, text });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(bytes);
  });
}

/** An API of its own workspace (or of a given one), on a port of its own (or on one that is free again), closed after the test. */
export async function anApi(env: Readonly<Record<string, string>> = {}, workspace = freshWorkspace(), at = 0) {
  mkdirSync(workspace, { recursive: true });
  const config = loadConfig({
    env: {
      VIVARIUM_WORKSPACE: workspace,
      VIVARIUM_API_PORT: '0',
      VIVARIUM_LOG_LEVEL: 'silent',
      VIVARIUM_PROVIDER: 'scripted',
      ...env,
    },
    cwd: workspace,
  });
  const api = await openApi({ config, log: createLogger('api', config) });
  await api.app.listen({ host: '127.0.0.1', port: at });
  const { port } = api.app.server.address() as AddressInfo;
  let closed = false;
  const close = async (graceMs?: number) => {
    if (closed) return;
    closed = true;
    await api.close(graceMs);
  };
  open.push(() => close());
  const headers = { 'content-type': 'application/json', 'x-vivarium-internal-token': api.token };
  const paths = workspacePaths(workspace);
  const lines = (file: string) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  return {
    port,
    paths,
    workspace,
    token: api.token,
    close,
    cycle: (body: object, more: Readonly<Record<string, string>> = {}) =>
      send(port, '/cycle', { headers: { ...headers, ...more }, body }),
    get: (path: string) => send(port, path),
    status: async () => (await send(port, '/status')).body as unknown as StatusReport,
    audit: () => lines(paths.apiAudit),
    budget: () => lines(paths.budgetLedger),
    halt: () => writeFileSync(paths.halt, ''),
    pause: () => writeFileSync(paths.pause, ''),
  };
}

/** The environment of an API that calls this server as if it were Groq. */
export const asGroq = (server: ModelServer, more: Readonly<Record<string, string>> = {}) => ({
  VIVARIUM_PROVIDER: 'auto',
  GROQ_API_KEY: 'gsk_test_0123456789',
  GROQ_BASE_URL: server.groqBaseUrl,
  SWARM_RATE_LIMIT: '100000',
  ...more,
});
