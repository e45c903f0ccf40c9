import { listModels } from './model-list.ts';

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
/** Nobody named these servers: what does not answer by then is not there. */
const PROBE_MS = 1_000;

/** The first local server that answers with models; only 127.0.0.1 is asked. */
export async function probeLocalServers(ports: readonly (readonly [string, number])[] = USUAL): Promise<LocalServer | undefined> {
  const found = await Promise.all(
    ports.map(async ([kind, port]) => {
      const baseUrl = `http://127.0.0.1:${port}/v1`;
      const listed = await listModels(baseUrl, undefined, PROBE_MS);
      return listed.kind === 'list' && listed.models.length > 0 ? { kind, baseUrl, models: listed.models } : undefined;
    }),
  );
  return found.find((server) => server !== undefined);
}
