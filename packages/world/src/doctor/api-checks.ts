import {
  apiEndpoint,
  apiStatus,
  type Config,
  inWords,
  type StatusReport,
  testModel,
  VivariumError,
  type WorkspacePaths,
} from '@vivarium/core';
import { internalToken } from '@vivarium/storage-files';
import type { Finding } from './finding.ts';

/** Is the execution API where the worker will look for it? */
export async function checkApi(config: Config, paths: WorkspacePaths): Promise<readonly Finding[]> {
  const check = 'api';
  try {
    // Without the token no worker reaches it, whether it answers or not.
    internalToken(paths, config);
    const endpoint = apiEndpoint(config, paths);
    if (await apiStatus(endpoint)) return [{ level: 'ok', check, message: `the execution API answers at ${endpoint}` }];
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
  const status = await statusOf(config, paths);
  if (!status) return [fromSettings(config)];
  if (status.provider.state !== 'unverified' || status.switch !== 'running') return [fromStatus(status)];
  return [(await askModel(config, paths)) ?? fromStatus((await statusOf(config, paths)) ?? status)];
}

async function statusOf(config: Config, paths: WorkspacePaths): Promise<StatusReport | undefined> {
  try {
    return await apiStatus(apiEndpoint(config, paths));
  } catch {
    // An address that is no good is a finding of its own.
    return undefined;
  }
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

/** Undefined when the API's own report says how it went. */
async function askModel(config: Config, paths: WorkspacePaths): Promise<Finding | undefined> {
  const token = internalToken(paths, config);
  const answer = await testModel({ endpoint: apiEndpoint(config, paths), token, timeoutMs: TEST_MS });
  const check = 'provider';
  switch (answer.kind) {
    case 'answered':
    case 'away':
      return undefined;
    case 'late': {
      const message = `no answer of the model within ${TEST_MS / 1_000} s`;
      return { level: 'warning', check, message, fix: 'A server may be loading its model: look again in a minute' };
    }
    case 'problem': {
      const { detail: message, fix, disposition } = answer.problem;
      if (disposition === 'retry_after_backoff')
        return { level: 'warning', check, message, fix: fix ?? 'Look again in a minute' };
      return { level: 'error', check, message, fix: fix ?? ADD_A_MODEL };
    }
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
