import {
  type ActivityLog,
  type Clock,
  type Config,
  LINES,
  type Logger,
  type ModelDecision,
  mustBeWritable,
  openAudit,
  openSafety,
  type StatusReport,
  systemClock,
  type TaskStore,
  type World,
} from '@vivarium/core';
import { internalToken, openWorld } from '@vivarium/world';
import type { FastifyInstance } from 'fastify';
import { buildApi } from './app.ts';
import { Executions } from './execution/executions.ts';
import { buildRunCycle, type RunCycleDeps } from './execution/run-cycle.ts';
import { Running } from './execution/running.ts';
import { ModelRouting } from './gate/attempts/model-routing.ts';
import type { GateCall } from './gate/call/gate-call.ts';
import { TokenBucket } from './gate/circuits/token-bucket.ts';
import { ModelGate } from './gate/gate.ts';
import { loadCatalogue } from './gate/models/catalogue.ts';
import { ModelMemory } from './gate/models/model-memory.ts';
import { Providers } from './gate/providers/providers.ts';
import { Metrics } from './http/metrics.ts';
import { compileDenied } from './local/denied.ts';
import { openLocalRunner } from './local/index.ts';
import { loadPolicy } from './local/policy.ts';
import { buildMakePlan } from './plan/make-plan.ts';
import { Residents } from './residents/residents.ts';
import { Steps } from './residents/steps.ts';
import type { HealthOptions } from './routes/health.route.ts';

const IDLE_SWEEP_MS = 20;
/** How long an answer that is ready may take to leave. */
const LAST_ANSWER_MS = 1_000;

export interface OpenApiOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly clock?: Clock;
  readonly onFatal?: (error: unknown) => void;
}

export interface OpenedApi {
  readonly app: FastifyInstance;
  readonly token: string;
  /** Take nothing new, let what runs end within `graceMs`, abort the rest, close every file. */
  close(graceMs?: number): Promise<void>;
}

/** Everything behind the execution API, opened and wired. @throws InvalidInputError for files that do not fit, StorageError */
export async function openApi({
  config,
  log,
  clock = systemClock,
  onFatal = () => undefined,
}: OpenApiOptions): Promise<OpenedApi> {
  const world = await openWorld(config, {
    clock,
    isLocalServer: async () => provider().name === 'local',
    onViewError: (err) => log.warn({ err }, 'a view of the society could not be written; it is tried again'),
  });
  const files = await openFiles(world, log);
  const { budget, store, stop } = files;
  const metrics = new Metrics(() => budget.state());
  const running = new Running(stop);
  const { gate, hands, providers, closeGate } = await openGate(files, { config, log, clock, metrics });
  const provider = () => providers.report((one, model) => gate.standing(one, model));
  const residents = new Residents({ ...files, log });
  const { safety: safetyAudit } = files.audits;
  const runCycle = buildRunCycle({ ...files, gate, hands, residents, safetyAudit, running, clock, metrics });
  const status = (): StatusReport => ({
    ...counts(store),
    running: running.list(),
    budget: money(budget),
    provider: provider(),
    switch: stop.state(),
  });
  const app = await buildApi({
    token: files.token,
    docsOnly: config.docsOnly,
    runCycle,
    makePlan: buildMakePlan({ gate, running, store, intake: world.intake, paths: files.paths }),
    status,
    running,
    ...healthChecks({ ...files, running }),
    metrics,
    log,
    onFatal,
  });
  status();

  return {
    app,
    token: files.token,
    async close(graceMs = 0) {
      await closeServer(app, running.close(graceMs));
      await closeGate();
      await residents.close();
      metrics.close();
      await closeFiles(files);
    },
  };
}

/** What belongs to changes is loaded with the first task that has a project. */
function handsOf(deps: { world: World; gate: ModelGate; steps: Steps }): RunCycleDeps['hands'] {
  const { world } = deps;
  return async (request, signal) => {
    const { task_id, purpose } = request;
    if (task_id === undefined || (purpose !== 'task' && purpose !== 'qa')) return undefined;
    const tasks = await world.tasks();
    tasks.refresh();
    if (tasks.get(task_id)?.task.project === undefined) return undefined;
    const { handsFor } = await import('./changes/index.ts');
    return handsFor(deps, request, signal);
  };
}

async function closeFiles({ audits, executions, steps, world }: Files): Promise<void> {
  for (const audit of Object.values(audits)) audit.close();
  await Promise.all([executions.close(), steps.close()]);
  await world.close();
}

type Files = Awaited<ReturnType<typeof openFiles>>;

async function openFiles(world: World, log: Logger) {
  const { config, backend, clock, paths, artifacts, activity, switches: stop } = world;
  const token = internalToken(paths, config);
  const [safety, local, policy, budget, executions, steps, store] = await Promise.all([
    openSafety({ installation: config.installation, workspace: config.workspace, stage: 'api', clock }),
    openLocalRunner({ installation: config.installation }),
    loadPolicy(config.installation),
    world.budget(),
    Executions.open(backend, artifacts, { onLost: sayLost(log) }),
    Steps.open(backend),
    world.tasks(),
  ]);
  const orphans = await budget.recover(new Map([...executions.charges, ...steps.charges]));
  if (orphans > 0) log.warn({ orphans }, 'calls of a process that ended were settled');
  const audits = { api: openAudit(backend, LINES.apiAudit), safety: openAudit(backend, LINES.safetyAudit) };
  const denied = compileDenied(policy.denied);
  return {
    world,
    paths,
    token,
    safety,
    local,
    denied,
    budget,
    executions,
    artifacts,
    steps,
    store,
    audits,
    activity,
    stop,
  };
}

async function openGate(
  { world, paths, budget, audits, activity, store, steps }: Files,
  { config, log, clock, metrics }: { config: Config; log: Logger; clock: Clock; metrics: Metrics },
) {
  const catalogue = loadCatalogue(config.modelsFile, config.defaultModel);
  const isCheapest = (model: string) => catalogue.isCheapest(model);
  const memory = await ModelMemory.open({ documents: world.backend.documents, store, clock, log, isCheapest });
  const defaultIsSet = (config.sources.get('DEFAULT_GROQ_MODEL')?.from ?? 'default') !== 'default';
  const routing = new ModelRouting({ catalogue, budget, memory, defaultIsSet });
  const providers = new Providers({ config, paths, catalogue, clock });
  const limit = new TokenBucket(config.rateLimitPerMinute, clock);
  const told = { onAlias: sayAlias(log, activity), onDecision: sayDecision(activity) };
  const modelSeconds = config.modelTimeoutSeconds;
  const gate = new ModelGate({
    modelSeconds,
    providers,
    routing,
    limit,
    budget,
    audit: metrics.counting(audits.api),
    clock,
    log,
    ...told,
  });
  const stopListening = store.onEvent(({ event }) => event === 'task_retried' && gate.askAgain());
  const closeGate = async () => {
    stopListening();
    await gate.close();
    await memory.close();
  };
  return { gate, hands: handsOf({ world, gate, steps }), providers, closeGate };
}

/** A missing provider makes nothing unhealthy: commands and skills still run. */
function healthChecks({ paths, budget, stop, running }: Files & { running: Running }): Pick<HealthOptions, 'checks' | 'ready'> {
  return {
    checks: [
      { name: 'running', trouble: () => (running.closing ? 'the API is shutting down' : undefined) },
      { name: 'workspace', trouble: () => quietly(() => mustBeWritable(paths.swarm)) },
      { name: 'budget', trouble: () => quietly(() => budget.refresh()) },
    ],
    ready: [{ name: 'switch', trouble: () => (stop.state() === 'running' ? undefined : `the world is ${stop.state()}`) }],
  };
}

/** Stop listening, wait for the work, then drop connections that only stand open. */
async function closeServer(app: FastifyInstance, worked: Promise<void>): Promise<void> {
  const closed = app.close();
  await worked;
  const drop = setInterval(() => app.server.closeIdleConnections(), IDLE_SWEEP_MS);
  const cut = setTimeout(() => app.server.closeAllConnections(), LAST_ANSWER_MS);
  await closed;
  clearInterval(drop);
  clearTimeout(cut);
}

function counts(store: TaskStore): Pick<StatusReport, 'tasks' | 'completed' | 'failed' | 'by_status'> {
  store.refresh();
  const { total, ...by_status } = store.counts();
  const completed = by_status.approved + by_status.ready_for_merge;
  const failed = by_status.failed + by_status.safety_blocked + by_status.cancelled;
  return { tasks: total - completed - failed, completed, failed, by_status };
}

function money(budget: { refresh(): void; state(): StatusReport['budget'] }): StatusReport['budget'] {
  budget.refresh();
  const { cap_usd, spent_usd, reserved_usd } = budget.state();
  return { cap_usd, spent_usd, reserved_usd };
}

const sayLost = (log: Logger) => (artifact_id: string, err: unknown) =>
  log.error({ artifact_id, err }, 'an output that a power cut took could not be written again; its record holds it');

function sayAlias(log: Logger, activity: ActivityLog) {
  return ({ from, to, because }: { from: string; to: string; because: string }) => {
    const detail = `${from} is answered by ${to}: ${because}`;
    log.warn({ from, to }, detail);
    activity.note({ actor: 'api', action_type: 'API', action: 'model_alias', detail, metadata: { from, to } });
  };
}

function sayDecision(activity: ActivityLog) {
  return ({ task_id, purpose, user, identity_id }: GateCall, decision: ModelDecision) => {
    const what = task_id === undefined ? purpose : `${purpose} ${task_id}`;
    const detail = `${what}: ${decision.model} (${decision.tier}), ${decision.reason}`;
    activity.note({
      actor: identity_id ?? user,
      action_type: 'API',
      action: 'model_choice',
      detail,
      metadata: { task_id, purpose, ...decision },
    });
  };
}

/** What went wrong, in words; undefined when nothing did. */
function quietly(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
