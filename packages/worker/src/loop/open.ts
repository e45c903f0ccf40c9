import {
  type Artifacts,
  apiEndpoint,
  type Config,
  createLogger,
  cycleOf,
  eligibleTesters,
  ensureStarterIdentities,
  followVerdict,
  judgeTask,
  LINES,
  openAudit,
  openSafety,
  type Presence,
  type SocietyStore,
  type Switches,
  systemClock,
  type TaskRecord,
  type World,
} from '@vivarium/core';
import { internalToken, openWorld, startersOf } from '@vivarium/world';
import { ulid } from 'ulid';
import { VerdictOutbox } from '../after-verdict/outbox.ts';
import { openAskApi } from '../api/ask.ts';
import { ApiCircuit } from '../api/circuit.ts';
import { openCycleClient } from '../api/cycle-client.ts';
import { Attendance } from '../background/society/attendance.ts';
import { Duties } from '../background/society/duties.ts';
import { lateChanges } from '../changes/late.ts';
import { Fingerprints } from '../pipeline/fingerprints.ts';
import { outputOf } from '../pipeline/outputs.ts';
import { persistentRecorder } from '../pipeline/recording.ts';
import type { Log, Runtime } from '../pipeline/runtime.ts';
import { workerSkills } from '../pipeline/skills.ts';
import { followIdentities } from './identity-folder.ts';
import type { ModelPause } from './model-pause.ts';
import { Residents, servesShard } from './residents.ts';

/** A worker's world, opened. */
export interface OpenRuntime {
  readonly runtime: Runtime;
  readonly world: World;
  readonly circuit: ApiCircuit;
  readonly residents: Residents;
  readonly registry: Presence;
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
  /** Called when something moved that changes at the gates may wait for. */
  readonly onChanges: () => void;
}

/** How long the API may take to say where its models come from. */
const PATIENCE_MS = 2_000;

/** Open everything a worker needs, in the order in which it can fail. @throws VivariumError with the fix named */
export async function openRuntime(config: Config, options: OpenOptions): Promise<OpenRuntime> {
  const log = createLogger('worker', config);
  const world = await worldOf(config, log, async () => (await api.status(AbortSignal.timeout(PATIENCE_MS)))?.provider.name);
  const { backend, clock, paths, activity, artifacts, switches, workers } = world;
  const { documents } = backend;
  const worker_id = `worker_${ulid().toLowerCase()}`;
  const { api, circuit, heard } = doorToApi(world, log, options);
  const safety = await openSafety({ installation: config.installation, workspace: paths.root, stage: 'worker', clock });
  await ensureStarterIdentities(documents, startersOf(config));
  const [store, society] = [await world.tasks(), await world.society()];
  const residents = residentsOf(config, { worker_id, workers, society });
  const stopIdentities = await followIdentities(documents, residents, log);
  const skills = workerSkills(await world.skills(), log);
  const identity = (id: string | undefined) => residents.get(id);
  const base = { config, activity, artifacts, documents, paths, clock, worker_id, log, store, skills, identity };
  const social = openEconomy(base, society, () => switches.state() === 'running');
  const giveUp = new AbortController();
  const stopReason = () => (giveUp.signal.aborted ? undefined : haltReason(switches)) ?? 'the worker stops';
  const safetyAudit = openAudit(backend, LINES.safetyAudit);
  const late = lateChanges(store, { world, runtime: () => runtime, moved: options.onChanges });
  const runtime: Runtime = {
    ...base,
    api,
    safetyAudit,
    fingerprints: new Fingerprints(store),
    ...lookups(artifacts),
    ...{ gates: await world.gates(), projects: world.projects, changes: late.get },
    outbox: social.outbox,
    testersFor: async (author) => {
      await society.refresh();
      const may = new Set(eligibleTesters(society.world, author));
      return residents.everybody.filter(({ id }) => may.has(id));
    },
    anyoneFor: (task, declined) => residents.anyoneFor(task, declined),
    judge: (task) => judgeTask(safety, task),
    record: persistentRecorder(store, log, giveUp.signal),
    askApi: openAskApi({ api, stopReason, ...heard }),
    stopReason,
  };
  const close = async () => {
    for (const stop of [() => circuit.stop(), stopIdentities, skills.stop]) stop();
    for (const each of [late, social]) await each.close();
    await Promise.allSettled([api.close(), world.close()]);
    safetyAudit.close();
  };
  return { ...social, runtime, world, circuit, residents, registry: workers, switches, society, giveUp, close };
}

const lookups = (artifacts: Artifacts) => ({
  outputOf: (record: TaskRecord) => outputOf(artifacts, record),
  artifact: async (id: string) => (await artifacts.find(id))?.ref,
});

/** @param provider name of what gives the running API its models */
function worldOf(config: Config, log: Log, provider: () => Promise<string | undefined>): Promise<World> {
  return openWorld(config, {
    isLocalServer: async () => (await provider()) === 'local',
    onViewError: (err) => log.warn({ err }, 'a view was not written'),
    onSkillFinding: (finding) => log.warn({ ...finding }, 'a skill file cannot be used'),
  });
}

/** The execution API, and whether it can be called. @throws InvalidInputError for an address beyond this machine */
function doorToApi({ config, paths }: World, log: Log, options: OpenOptions) {
  const endpoint = apiEndpoint(config, paths);
  const api = openCycleClient({ endpoint, token: internalToken(paths, config), connections: options.concurrency + 4 });
  const circuit = new ApiCircuit(api, (open, reason) => {
    log.info({ endpoint, open, reason }, open ? 'the execution API is ready' : 'the execution API is away; waiting');
    options.onApi(open);
  });
  const heard = { apiAway: (reason: string) => circuit.trip(reason), modelsBusy: (ms: number) => options.pause.begin(ms) };
  return { api, circuit, heard };
}

function residentsOf(
  config: Config,
  { worker_id, workers, society }: { worker_id: string; workers: Presence; society: SocietyStore },
): Residents {
  return new Residents({
    worker_id,
    minScore: config.minScore,
    shard: shardFor(config, worker_id, workers),
    cycle: () => cycleOf(systemClock.now().toISOString(), config.daySeconds),
    awake: (id) => society.awake(id),
  });
}

type Base = Pick<Runtime, 'config' | 'documents' | 'clock' | 'worker_id' | 'log' | 'store'>;

/** What follows verdicts, and the outbox that leaves none behind. */
function openEconomy(base: Base, society: SocietyStore, running: () => boolean) {
  const { config, documents, clock, worker_id, log, store } = base;
  const attendance = new Attendance({ society, clock, daySeconds: config.daySeconds, running, log });
  const duties = new Duties({ society, clock, running, log });
  const deps = { config, store, society, warn: (details: object, message: string) => log.warn(details, message) };
  const outbox = new VerdictOutbox({
    documents,
    store,
    worker_id,
    log,
    follow: (record, id) => followVerdict(deps, record, id),
    isFollowed: (task_id, identity_id) => {
      void society.refresh();
      return ['outcome', 'learned'].every((what) => society.world.tokens.keys.has(`${what}:${task_id}::${identity_id}`));
    },
  });
  const close = async () => {
    await outbox.close();
    await duties.close();
    await attendance.end();
  };
  return { outbox, attendance, duties, close };
}

function shardFor({ shardCount, shardId }: Config, worker_id: string, workers: Presence) {
  return { count: shardCount, serves: servesShard(shardId, shardCount, worker_id, () => workers.liveWorkers()) };
}

function haltReason(switches: Switches): string | undefined {
  if (switches.state() !== 'halted') return undefined;
  const { reason } = switches.reason();
  return reason === '' ? 'halted' : `halted: ${reason}`;
}
