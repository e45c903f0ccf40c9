import { isIP } from 'node:net';

export interface LocalServer {
  readonly kind: string;
  readonly baseUrl: string;
  readonly models: readonly string[];
}

/** Where the usual local servers listen, in the order they are taken. */
const USUAL = [
  ['Ollama', 11434],
  ['LM Studio', 1234],
  ['llama.cpp', 8080],
  ['vLLM', 8000],
] as const;
const PROBE_MS = 300;
const LONGEST_LIST = 1_000_000;

/** The first local server that answers with models; only 127.0.0.1 is asked. */
export async function probeLocalServers(ports: readonly (readonly [string, number])[] = USUAL): Promise<LocalServer | undefined> {
  const found = await Promise.all(
    ports.map(async ([kind, port]) => {
      const baseUrl = `http://127.0.0.1:${port}/v1`;
      const models = await listModels(baseUrl);
      return models && models.length > 0 ? { kind, baseUrl, models } : undefined;
    }),
  );
  return found.find((server) => server !== undefined);
}

/** Ids from `GET <base>/models`; undefined when the server does not say, or is no model server. */
export async function listModels(baseUrl: string, apiKey?: string): Promise<string[] | undefined> {
  try {
    const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    const url = `${baseUrl.replace(/\/+$/, '')}/models`;
    const reply = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(PROBE_MS) });
    const text = await reply.text();
    if (!reply.ok || text.length > LONGEST_LIST) return undefined;
    const { data }: { data?: unknown } = JSON.parse(text);
    if (!Array.isArray(data)) return undefined;
    const ids = data.map((model: { id?: unknown } | null) => model?.id);
    return ids.filter((id): id is string => typeof id === 'string' && id.length > 0 && id.length <= 200);
  } catch {
    return undefined;
  }
}

export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
