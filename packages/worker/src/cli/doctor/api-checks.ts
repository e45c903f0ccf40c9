import { type Config, inWords, PROVIDER_TEST, type StatusReport, VivariumError, type WorkspacePaths } from '@vivarium/core';
import { apiEndpointIn, portIsExplicit, resolveEndpoint } from '../../api/endpoint.ts';
import { apiClient, askApi } from '../world.ts';
import type { Finding } from './finding.ts';

/** Is the execution API where the worker will look for it? */
export async function checkApi(config: Config, paths: WorkspacePaths): Promise<readonly Finding[]> {
  const check = 'api';
  try {
    const endpoint = resolveEndpoint(apiEndpointIn(paths.queue), config.apiPort, portIsExplicit(config));
    if (await askApi(config, paths)) return [{ level: 'ok', check, message: `the execution API answers at ${endpoint}` }];
    const message = `nothing answers at ${endpoint}; workers wait until it does`;
    return [{ level: 'warning', check, message, fix: 'Start it: npm start, or pnpm api in a terminal of its own' }];
  } catch (error) {
    if (!(error instanceof VivariumError)) throw error;
    return [{ level: 'error', check, fix: 'Correct api_endpoint in queue.json', ...inWords(error) }];
  }
}

/** How long the question to the model may take. */
const TEST_MS = 20_000;

const ADD_A_MODEL =
  'Set GROQ_API_KEY, or OPENAI_API_KEY, or start a local OpenAI-compatible server (Ollama, LM Studio, llama.cpp, vLLM). Local commands and built-in skills work without';

/** Is there a way to a model? The API knows best, and asks the model when no call has shown it yet; without it the settings tell. */
export async function checkProvider(config: Config, paths: WorkspacePaths): Promise<readonly Finding[]> {
  const status = await askApi(config, paths).catch(() => undefined);
  if (!status) return [fromSettings(config)];
  if (status.provider.state !== 'unverified' || status.switch !== 'running') return [fromStatus(status)];
  const asked = await testModel(config, paths);
  return [asked ?? fromStatus((await askApi(config, paths).catch(() => undefined)) ?? status)];
}

function fromStatus({ provider }: StatusReport): Finding {
  const { name, state, detail, circuit } = provider;
  const calls = circuit?.state === 'closed' ? ' (circuit closed: calls go through)' : '';
  const base = { check: 'provider', message: `${name}, ${state}: ${detail}${calls}` };
  if (state === 'ready' || state === 'unverified') return { level: 'ok', ...base };
  if (state === 'backing_off')
    return { level: 'warning', ...base, fix: provider.fix ?? 'Nothing to do: tasks wait and go on by themselves' };
  return { level: state === 'absent' ? 'warning' : 'error', ...base, fix: provider.fix ?? ADD_A_MODEL };
}

/** One tiny question through the API. Undefined when the API's own report says how it went. */
async function testModel(config: Config, paths: WorkspacePaths): Promise<Finding | undefined> {
  const client = apiClient(config, paths);
  try {
    const answer = await client.cycle(PROVIDER_TEST, AbortSignal.timeout(TEST_MS));
    if (answer.kind === 'result') return undefined;
    const check = 'provider';
    if (answer.kind === 'aborted') {
      const message = `no answer of the model within ${TEST_MS / 1_000} s`;
      return { level: 'warning', check, message, fix: 'A server may be loading its model: look again in a minute' };
    }
    if (answer.kind !== 'problem') return { level: 'warning', check, message: answer.reason, fix: 'Look again in a minute' };
    const { detail, fix = ADD_A_MODEL } = answer.problem;
    return { level: 'error', check, message: detail, fix };
  } finally {
    await client.close();
  }
}

function fromSettings({ provider, groq, openai }: Config): Finding {
  const check = 'provider';
  const named = provider === 'auto' ? 'auto' : `set to ${provider}`;
  if (provider === 'groq' && groq.apiKey === undefined) {
    return { level: 'error', check, message: 'VIVARIUM_PROVIDER is groq, and there is no GROQ_API_KEY', fix: 'Set GROQ_API_KEY' };
  }
  if (provider === 'openai' && openai.apiKey === undefined && openai.baseUrl === undefined) {
    const fix = 'Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own';
    return { level: 'error', check, message: 'VIVARIUM_PROVIDER is openai, and there is neither key nor base URL', fix };
  }
  const configured = groq.apiKey !== undefined || openai.apiKey !== undefined || openai.baseUrl !== undefined;
  if (configured || provider === 'scripted' || provider === 'local')
    return { level: 'ok', check, message: `${named}, configured` };
  return { level: 'warning', check, message: `${named}; no key is set, so only a local server could be found`, fix: ADD_A_MODEL };
}
