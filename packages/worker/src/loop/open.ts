import {
  type ActivityLog,
  apiEndpoint,
  type Config,
  createLogger,
  cycleOf,
  ensureStarterIdentities,
  enterWorld,
  followVerdict,
  internalToken,
  judgeTask,
  openActivityLog,
  openArtifacts,
  openAudit,
  openGates,
  openSafety,
  openSociety,
  openTaskStore,
  type SocietyStore,
  type Switches,
  switches,
  systemClock,
  type TaskRecord,
  type TaskStore,
  type WorkerRegistry,
  type WorkspacePaths,
  workerRegistry,
  workspacePaths,
} from '@vivarium/core';
import { ulid } from 'ulid';
import { VerdictOutbox } from '../after-verdict/outbox.ts';
import { openAskApi } from '../api/ask.ts';
import { ApiCircuit } from '../api/circuit.ts';
import { openCycleClient } from '../api/cycle-client.ts';
import { Attendance } from '../background/society/attendance.ts';
import { Duties } from '../background/society/duties.ts';
import { Fingerprints } from '../pipeline/fingerprints.ts';
import { outputOf } from '../pipeline/outputs.ts';
import { persistentRecorder } from '../pipeline/recording.ts';
import type { Log, Runtime } from '../pipeline/runtime.ts';
import { openWorkerSkills } from '../pipeline/skills.ts';
import { followIdentities } from './identity-folder.ts';
import type { ModelPause } from './model-pause.ts';
import { Residents, servesShard } from './residents.ts';

/** A worker's world, opened. */
export interface OpenRuntime {
  readonly runtime: Runtime;
  readonly circuit: ApiCircuit;
  readonly residents: Residents;
  readonly registry: WorkerRegistry;
  readonly switches: Switches;
  readonly outbox: VerdictOutbox;
  readonly attendance: Attendance;
  readonly duties: Duties;
  readonly society: SocietyStore;
  /** Aborting it ends the waiting for a disk that refuses. */
  readonly giveUp: AbortController;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly concurrency: number;
  /** Called when the API came back or went away. */
  readonly onApi: (open: boolean) => void;
  readonly pause: ModelPause;
}

/** Open everything a worker needs, in the order in which it can fail. @throws VivariumError with the fix named */
export async function openRuntime(config: Config, options: OpenOptions): Promise<OpenRuntime> {
  const clock = systemClock;
  const paths = workspacePaths(config.workspace);
  enterWorld(paths);
  const log = createLogger('worker', config);
  const worker_id = `worker_${ulid().toLowerCase()}`;
  const { api, circuit, heard } = doorToApi(config, paths, log, options);
  const safety = await openSafety({ installation: config.installation, workspace: paths.root, stage: 'worker', clock });
  await ensureStarterIdentities(paths, config.installation);
  const registry = workerRegistry({ paths, clock });
  const store = await openTaskStore({ paths, clock, liveness: registry });
  const activity = openActivityLog(paths, clock);
  const society = await openSocietyFor(paths, activity, log);
  const residents = residentsOf(config, { worker_id, registry, society });
  const stopIdentities = await followIdentities(paths, residents, log);
  const skills = await openWorkerSkills(config, paths, clock, log);
  const identity = (id: string | undefined) => residents.get(id);
  const base = { config, activity, paths, clock, worker_id, log, store, skills, identity };
  const world = switches(paths, clock);
  const { outbox, closeEconomy, ...social } = openEconomy(base, society, () => world.state() === 'running');
  const gates = await openGates({ paths, clock, onViewError: (err) => log.warn({ err }, 'a view was not written') });
  const giveUp = new AbortController();
  const stopReason = () => (giveUp.signal.aborted ? undefined : haltReason(world)) ?? 'the worker stops';
  const runtime: Runtime = {
    ...base,
    ...openFiles(paths, store),
    api,
    gates,
    outbox,
    everybody: () => residents.everybody,
    anyoneFor: (task, declined) => residents.anyoneFor(task, declined),
    judge: (task) => judgeTask(safety, task),
    record: persistentRecorder(store, log, giveUp.signal),
    askApi: openAskApi({ api, stopReason, ...heard }),
    stopReason,
  };
  const close = async () => {
    circuit.stop();
    stopIdentities();
    await outbox.close();
    await closeAll(runtime, closeEconomy);
  };
  return { runtime, circuit, residents, registry, switches: world, outbox, society, ...social, giveUp, close };
}

async function closeAll({ api, gates, store, skills, activity, safetyAudit }: Runtime, closeEconomy: () => Promise<void>) {
  await Promise.allSettled([api.close(), closeEconomy(), gates.close(), store.close(), skills.close()]);
  activity.close();
  safetyAudit.close();
}

/** The execution API, and whether it can be called. @throws InvalidInputError for an address beyond this machine */
function doorToApi(config: Config, paths: WorkspacePaths, log: Log, options: OpenOptions) {
  const endpoint = apiEndpoint(config, paths);
  const api = openCycleClient({ endpoint, token: internalToken(paths, config), connections: options.concurrency + 4 });
  const circuit = new ApiCircuit(api, (open, reason) => {
    log.info({ endpoint, open, reason }, open ? 'the execution API is ready' : 'the execution API is away; waiting');
    options.onApi(open);
  });
  const heard = { apiAway: (reason: string) => circuit.trip(reason), modelsBusy: (ms: number) => options.pause.begin(ms) };
  return { api, circuit, heard };
}

/** A view that could not be written is written with the next act. */
function openSocietyFor(paths: WorkspacePaths, activity: ActivityLog, log: Log): Promise<SocietyStore> {
  const onViewError = (err: unknown) => log.warn({ err }, 'a view of the society was not written');
  return openSociety({ paths, clock: systemClock, activity, onViewError });
}

function residentsOf(
  config: Config,
  { worker_id, registry, society }: { worker_id: string; registry: WorkerRegistry; society: SocietyStore },
): Residents {
  return new Residents({
    worker_id,
    minScore: config.minScore,
    shard: shardFor(config, worker_id, registry),
    cycle: () => cycleOf(systemClock.now().toISOString(), config.daySeconds),
    awake: (id) => society.awake(id),
  });
}

function openFiles(paths: WorkspacePaths, store: TaskStore) {
  const artifacts = openArtifacts(paths);
  return {
    fingerprints: new Fingerprints(store),
    artifacts,
    safetyAudit: openAudit(paths.safetyAudit),
    outputOf: (record: TaskRecord) => outputOf(artifacts, record),
    artifact: async (id: string) => (await artifacts.find(id))?.ref,
  };
}

type Base = Pick<Runtime, 'config' | 'paths' | 'clock' | 'worker_id' | 'log' | 'store'>;

/** What follows verdicts: the society with its ledger, and the outbox that leaves no verdict behind. */
function openEconomy(base: Base, society: SocietyStore, running: () => boolean) {
  const { config, paths, clock, worker_id, log, store } = base;
  const attendance = new Attendance({ society, clock, daySeconds: config.daySeconds, running, log });
  const duties = new Duties({ society, clock, running, log });
  const deps = { config, store, society, warn: (details: object, message: string) => log.warn(details, message) };
  const outbox = new VerdictOutbox({
    paths,
    clock,
    store,
    worker_id,
    log,
    follow: (record, id) => followVerdict(deps, record, id),
    isFollowed: (task_id, identity_id) => {
      void society.refresh();
      return ['outcome', 'learned'].every((what) => society.world.tokens.keys.has(`${what}:${task_id}::${identity_id}`));
    },
  });
  const closeEconomy = async () => {
    await duties.close();
    await attendance.end();
    await society.close();
  };
  return { outbox, attendance, duties, closeEconomy };
}

function shardFor({ shardCount, shardId }: Config, worker_id: string, registry: WorkerRegistry) {
  return { count: shardCount, serves: servesShard(shardId, shardCount, worker_id, () => registry.liveWorkers()) };
}

function haltReason(world: Switches): string | undefined {
  if (world.state() !== 'halted') return undefined;
  const { reason } = world.reason();
  return reason === '' ? 'halted' : `halted: ${reason}`;
}
