import { mkdirSync } from 'node:fs';
import {
  type Config,
  createLogger,
  ensureStarterIdentities,
  internalToken,
  openActivityLog,
  openArtifacts,
  openAudit,
  openSafety,
  openTaskStore,
  openTokenLedger,
  type SafetyGate,
  type Switches,
  switches,
  systemClock,
  type Task,
  type WorkerRegistry,
  workerRegistry,
  workspacePaths,
} from '@vivarium/core';
import { ulid } from 'ulid';
import { openCycleClient } from '../api/cycle-client.ts';
import { apiEndpointIn, resolveEndpoint } from '../api/endpoint.ts';
import { ApiGate } from '../api/gate.ts';
import { followApproval } from '../approvals.ts';
import { ApprovalWatch } from '../follow-up.ts';
import { Residents, servesShard } from '../residents.ts';
import { openRooms } from '../rooms.ts';
import { followIdentities } from './identity-folder.ts';
import { artifactReference, outputOf } from './outputs.ts';
import { persistentRecorder } from './recording.ts';
import type { Runtime } from './runtime.ts';

/** A worker's world, opened. */
export interface OpenRuntime {
  readonly runtime: Runtime;
  readonly gate: ApiGate;
  readonly residents: Residents;
  readonly registry: WorkerRegistry;
  readonly switches: Switches;
  readonly watch: ApprovalWatch;
  /** Aborting it ends the waiting for a disk that refuses. */
  readonly giveUp: AbortController;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly concurrency: number;
  /** Called when the API came back or went away. */
  readonly onApi: (open: boolean) => void;
}

/** Open everything a worker needs, in the order in which it can fail. @throws VivariumError with the fix named */
export async function openRuntime(config: Config, options: OpenOptions): Promise<OpenRuntime> {
  const clock = systemClock;
  const paths = workspacePaths(config.workspace);
  mkdirSync(paths.swarm, { recursive: true });
  const log = createLogger('worker', config);
  const worker_id = `worker_${ulid().toLowerCase()}`;
  const endpoint = resolveEndpoint(await apiEndpointIn(paths.queue), config.apiPort, portIsExplicit(config));
  const safety = await openSafety({ installation: config.installation, workspace: paths.root, stage: 'worker', clock });
  await ensureStarterIdentities(paths, config.installation);
  const registry = workerRegistry({ paths, clock });
  const store = await openTaskStore({ paths, clock, liveness: registry });
  const ledger = await openTokenLedger({ paths, clock, onViewError: (err) => log.warn({ err }, 'a view was not written') });
  const rooms = openRooms(paths);
  const shard = {
    count: config.shardCount,
    serves: servesShard(config.shardId, config.shardCount, worker_id, () => registry.liveWorkers()),
  };
  const residents = new Residents({ worker_id, minScore: config.minScore, shard });
  const stopIdentities = await followIdentities(paths, residents, log);
  const identity = (id: string | undefined) => residents.get(id);
  const watch = new ApprovalWatch({
    paths,
    clock,
    store,
    worker_id,
    log,
    follow: (record, id) => followApproval({ config, clock, store, ledger, rooms, identity }, record, id),
  });
  const api = openCycleClient({ endpoint, token: internalToken(paths, config), connections: options.concurrency + 4 });
  const gate = new ApiGate(api, (open, reason) => {
    log.info({ endpoint, open, reason }, open ? 'the execution API is ready' : 'the execution API is away; waiting');
    options.onApi(open);
  });
  const giveUp = new AbortController();
  const world = switches(paths, clock);
  const artifacts = openArtifacts(paths);
  const activity = openActivityLog(paths, clock);
  const safetyAudit = openAudit(paths.safetyAudit);
  const runtime: Runtime = {
    config,
    paths,
    clock,
    worker_id,
    store,
    artifacts,
    activity,
    safetyAudit,
    api,
    log,
    approvals: watch,
    identity,
    judge: (task) => judgeTask(safety, task),
    record: persistentRecorder(store, log, giveUp.signal),
    outputOf: (record) => outputOf(artifacts, record),
    artifact: (id) => artifactReference(paths, id),
    apiAway: (reason) => gate.shut(reason),
    stopReason: () => (giveUp.signal.aborted ? 'the worker stops' : (haltReason(world) ?? 'the worker stops')),
  };
  const close = async () => {
    gate.stop();
    stopIdentities();
    await watch.close();
    await Promise.allSettled([api.close(), rooms.close(), ledger.close(), store.close()]);
    activity.close();
    safetyAudit.close();
  };
  return { runtime, gate, residents, registry, switches: world, watch, giveUp, close };
}

/** True when a person chose the API's port somewhere; the default is nobody's choice. */
export const portIsExplicit = (config: Config): boolean =>
  (config.sources.get('VIVARIUM_API_PORT')?.from ?? 'default') !== 'default';

/** Judge the words that will be executed: the command, else the prompt, else the name of the skill. */
export function judgeTask(safety: SafetyGate, task: Task) {
  const local = task.command !== undefined && task.mode !== 'llm';
  return safety.ask({
    text: local ? (task.command ?? '') : (task.prompt ?? task.skill ?? ''),
    kind: local ? 'command' : 'prompt',
    task: { min_budget: task.min_budget, max_budget: task.max_budget },
    origin: task.author_id === undefined ? 'queue' : `resident:${task.author_id}`,
    task_id: task.id,
  }).report;
}

function haltReason(world: Switches): string | undefined {
  if (world.state() !== 'halted') return undefined;
  const { reason } = world.reason();
  return reason === '' ? 'halted' : `halted: ${reason}`;
}
