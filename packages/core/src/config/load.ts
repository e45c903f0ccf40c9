import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type FieldProblem, InvalidInputError } from '../errors/index.ts';
import { envFileLayer } from './env-layer.ts';
import { configFileLayer, environmentLayer, flagLayer, type Layer } from './layers.ts';
import { Resolver } from './resolver.ts';
import type { Config } from './schema.ts';
import { workspaceFault } from './workspace-fault.ts';

export interface LoadOptions {
  /** By variable name or short form (`workspace`, `api_port`); undefined and empty values count as not given. */
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where `.env`, `vivarium.config.json` and relative paths are looked for, beside the workspace. */
  readonly cwd?: string;
}

const INSTALLATION = repositoryAround(import.meta.dirname);

/** The folder of the whole repository, wherever in it this code lies, as source or compiled. */
function repositoryAround(folder: string): string {
  if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return folder;
  if (dirname(folder) === folder) throw new Error('Vivarium runs from its repository, which has a pnpm-workspace.yaml');
  return repositoryAround(dirname(folder));
}

/**
 * Every setting, from flags, then the environment, then `.env`, then `vivarium.config.json`, then the defaults. The two
 * files are read from the workspace and from the current folder; the workspace's win.
 * @throws InvalidInputError with every problem at once: variable, what was expected, how to put it right
 */
export function loadConfig(options: LoadOptions = {}): Config {
  const cwd = resolve(options.cwd ?? process.cwd());
  const given = [flagLayer(options.flags ?? {}, cwd), environmentLayer(options.env ?? process.env, cwd)];
  // The workspace's own files cannot name another workspace, so it is found first, without them.
  const first = new Resolver([...given, ...fileLayers([cwd])]);
  const workspace = first.path('VIVARIUM_WORKSPACE', () => INSTALLATION);
  const fault = workspaceFault(workspace);
  const settings = new Resolver([...given, ...fileLayers(fault !== undefined || workspace === cwd ? [cwd] : [workspace, cwd])]);
  settings.adopt('VIVARIUM_WORKSPACE', first);
  const config = assemble(settings, workspace);
  const problems = [...settings.problems, ...crossChecks(config)];
  if (fault !== undefined) problems.push({ field: 'VIVARIUM_WORKSPACE', message: fault });
  if (problems.length > 0) {
    const fix = 'Correct these settings; .env.example lists every variable with its meaning and default';
    throw new InvalidInputError('The configuration cannot be used', problems, fix);
  }
  return config;
}

/** `.env` files before configuration files, and in each kind the first folder before the second. */
function fileLayers(folders: readonly string[]): Layer[] {
  const layers = [...folders.map(envFileLayer), ...folders.map(configFileLayer)];
  return layers.filter((layer) => layer !== undefined);
}

function assemble(from: Resolver, workspace: string): Config {
  const shardCount = from.value('RESIDENT_SHARD_COUNT', 1);
  const shardId = from.value('RESIDENT_SHARD_ID', 'auto');
  const internalToken = from.optional('VIVARIUM_INTERNAL_EXECUTION_TOKEN');
  return {
    workspace,
    installation: INSTALLATION,
    apiPort: from.value('VIVARIUM_API_PORT', 8420),
    panelPort: from.value('VIVARIUM_CONTROL_PANEL_PORT', 8421),
    forwardedPorts: from.optional('VIVARIUM_PANEL_FORWARDED_PORTS') ?? [],
    provider: from.value('VIVARIUM_PROVIDER', 'auto'),
    loopbackByProxy: from.value('VIVARIUM_LOOPBACK_BY_PROXY', false),
    groq: account(from.optional('GROQ_API_KEY'), from.optional('GROQ_BASE_URL')),
    openai: account(from.optional('OPENAI_API_KEY'), from.optional('OPENAI_BASE_URL')),
    defaultModel: from.value('DEFAULT_GROQ_MODEL', ''),
    criticModel: from.value('VIVARIUM_CRITIC_MODEL', ''),
    ...timeouts(from),
    modelsFile: from.path('VIVARIUM_MODELS_FILE', () => shippedModels(workspace)),
    budgetLimitUsd: from.value('SWARM_BUDGET_LIMIT', 0),
    rateLimitPerMinute: from.value('SWARM_RATE_LIMIT', 1),
    ...(internalToken === undefined ? {} : { internalToken }),
    approval: from.value('VIVARIUM_APPROVAL', 'evidence'),
    maxRequeueAttempts: from.value('RESIDENT_MAX_REQUEUE_ATTEMPTS', 1),
    leaseSeconds: from.value('VIVARIUM_LEASE_SECONDS', 30),
    minScore: from.value('RESIDENT_MIN_SCORE', 0),
    daySeconds: from.value('RESIDENT_DAY_SECONDS', 60),
    maxResidents: from.value('VIVARIUM_MAX_RESIDENTS', 1),
    freeTimeUsd: from.value('VIVARIUM_FREE_TIME_USD', 0),
    subtaskParallelism: from.value('RESIDENT_SUBTASK_PARALLELISM', 1),
    shardCount,
    shardId: shardId === 'auto' ? shardId : shardId % shardCount,
    autoDiscussionUpdates: from.value('VIVARIUM_AUTO_DISCUSSION_UPDATES', true),
    docsOnly: from.value('VIVARIUM_DOCS_ONLY', false),
    logLevel: from.value('VIVARIUM_LOG_LEVEL', 'info'),
    sources: from.sources,
    notices: from.notices,
  };
}

function timeouts(from: Resolver): Pick<Config, 'modelTimeoutSeconds' | 'criticTimeoutSeconds' | 'plannerTimeoutSeconds'> {
  const modelTimeoutSeconds = from.optional('VIVARIUM_MODEL_TIMEOUT');
  const criticTimeoutSeconds = from.optional('VIVARIUM_CRITIC_TIMEOUT');
  const plannerTimeoutSeconds = from.optional('VIVARIUM_PLANNER_TIMEOUT');
  return {
    ...(modelTimeoutSeconds === undefined ? {} : { modelTimeoutSeconds }),
    ...(criticTimeoutSeconds === undefined ? {} : { criticTimeoutSeconds }),
    ...(plannerTimeoutSeconds === undefined ? {} : { plannerTimeoutSeconds }),
  };
}

function account(apiKey: string | undefined, baseUrl: string | undefined) {
  return { ...(apiKey === undefined ? {} : { apiKey }), ...(baseUrl === undefined ? {} : { baseUrl }) };
}

/** A workspace may bring its own model list; else the one that ships. */
function shippedModels(workspace: string): string {
  const own = join(workspace, 'config', 'models.json');
  return existsSync(own) ? own : join(INSTALLATION, 'config', 'models.json');
}

function crossChecks(config: Config): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (config.apiPort !== 0 && config.apiPort === config.panelPort) {
    const message = `has the same port as VIVARIUM_API_PORT (${config.apiPort}); give each its own, e.g. 8420 and 8421`;
    problems.push({ field: 'VIVARIUM_CONTROL_PANEL_PORT', message });
  }
  return problems;
}
