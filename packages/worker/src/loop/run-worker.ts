import { hostname } from 'node:os';
import { beatMs, type Config } from '@vivarium/core';
import { type LockFiles, lockFiles } from '@vivarium/world';
import { GateKeeper } from '../background/gates/keeper.ts';
import { Promoter } from '../background/promotion/promoter.ts';
import { FreeTime } from '../background/society/free-time.ts';
import { weighJurors } from '../background/society/jurors.ts';
import { rewardMakers } from '../background/society/makers.ts';
import { runTask } from '../phases/pipeline.ts';
import type { Runtime } from '../pipeline/runtime.ts';
import { ModelPause } from './model-pause.ts';
import { type OpenRuntime, openRuntime } from './open.ts';
import { pathsAreTaken } from './paths-taken.ts';
import { ProviderHolds } from './provider-holds.ts';
import { openQueueSide } from './queue-side.ts';
import { logTasks } from './task-log.ts';
import { turns } from './turns.ts';
import { type Ending, Worker, type WorkerOptions } from './worker.ts';

/** How long running work may take to end by itself after a first signal. */
const GRACE_MS = 2_500;
/** After the abort, how long tasks have to say that they are released. */
const RELEASE_MS = 1_000;
/** How often an idle worker looks whether residents may have free time. */
const LEISURE_MS = 2_000;

export interface RunningWorker {
  readonly worker_id: string;
  readonly endpoint: string;
  /** Resolves when the loop has ended and everything is closed. */
  readonly ended: Promise<Ending>;
  /** Two-stage stop: nothing new at once, running work gets a moment, then it is aborted and released. */
  stop(): void;
}

/** Start a worker on the configured workspace. @throws VivariumError when it cannot start */
export async function startWorker(config: Config, options: WorkerOptions): Promise<RunningWorker> {
  const on = { api: nothing, changes: nothing, wake: nothing };
  const wake = () => on.wake();
  const pause = new ModelPause(wake);
  const { concurrency } = options;
  const open = await openRuntime(config, { concurrency, onApi: () => on.api(), onChanges: () => on.changes(), pause });
  const { runtime, registry } = open;
  const holds = new ProviderHolds(runtime, pause);
  const lease_ms = config.leaseSeconds * 1_000;
  await registry.start({ worker_id: runtime.worker_id, concurrency, lease_ms });
  const queue = await openQueueSide(open.world, runtime);
  await open.outbox.start();
  const { locks, sweep } = sweptLocks(runtime);
  const promoter = new Promoter(runtime, { moved: wake, made: () => rewardMakers(open.society, runtime) });
  const keeper = new GateKeeper(runtime, {
    moved: wake,
    idle: () => idle(),
    mayRun: () => open.switches.state() === 'running',
    proved: (proof) => weighJurors(open.society, proof),
  });
  const idle = () => worker.running.length === 0 && runtime.store.nextDue() !== 0;
  const freeTime = freeTimeOf(open, idle, wake);
  const services = { holds, pause, locks, promoter, keeper, freeTime };
  const worker: Worker = buildWorker(open, services, options);
  on.wake = () => worker.wake();
  on.api = () => void holds.check().finally(() => worker.wake());
  const stopFollowing = runtime.store.follow();
  const stopBackground = startBackground(open, services, worker, sweep);
  open.circuit.start();
  promoter.start();
  keeper.start();
  on.changes = () => keeper.askAgain();
  const close = async () => {
    stopBackground();
    await Promise.all([promoter.close(), keeper.close(), freeTime.close()]);
    pause.end();
    stopFollowing();
    await queue.close();
    registry.stop();
    await open.close();
  };
  const ended = workThenClose(worker, close);
  return { worker_id: runtime.worker_id, endpoint: runtime.api.endpoint, ended, stop: () => stopInStages(worker, open) };
}

const nothing = (): void => undefined;

function sweptLocks(runtime: Runtime) {
  const locks = lockFiles(runtime.paths);
  const sweep = () => sweepLocks(locks, runtime);
  sweep();
  return { locks, sweep };
}

async function workThenClose(worker: Worker, close: () => Promise<void>): Promise<Ending> {
  try {
    return await worker.run();
  } finally {
    await close();
  }
}

/** What a worker does beside its loop. */
interface BackgroundServices {
  readonly holds: ProviderHolds;
  readonly pause: ModelPause;
  readonly locks: LockFiles;
  readonly promoter: Promoter;
  readonly keeper: GateKeeper;
  readonly freeTime: FreeTime;
}

function freeTimeOf(open: OpenRuntime, idle: () => boolean, moved: () => void): FreeTime {
  const { runtime, society, attendance, residents, circuit, switches } = open;
  const { askApi, clock, config, activity, log } = runtime;
  return new FreeTime({
    ...{ askApi, clock, activity, log, society, attendance },
    daySeconds: config.daySeconds,
    limitUsd: config.freeTimeUsd,
    idle: () => idle() && circuit.closed && switches.state() === 'running',
    bodyOf: (id) => residents.body(id),
    moved,
  });
}

function buildWorker(open: OpenRuntime, services: BackgroundServices, options: WorkerOptions): Worker {
  const { holds, pause, locks, promoter, keeper, freeTime } = services;
  const { runtime, residents, circuit, switches, attendance, registry } = open;
  const { store, worker_id, clock, log } = runtime;
  const turn = turns(
    worker_id,
    () => registry.liveWorkers(),
    () => clock.monotonicMs(),
  );
  return new Worker(
    {
      claim: (limit, assign) => store.claim({ worker_id, limit, assign }),
      nextDue: () => {
        const due = store.nextDue();
        return due === undefined || pause.left === 0 ? due : Math.min(pause.left, due || pause.left);
      },
      mayClaim: () => circuit.closed && holds.checked && switches.state() === 'running',
      assign: (task) => {
        if (task.paths && pathsAreTaken(task, store)) return undefined;
        if (pause.concerns(task, (skill) => runtime.skills.show(skill)?.kind)) return undefined;
        return residents.assign(task, store.get(task.id)?.declined_by);
      },
      work: async (run) => {
        await attendance.begin(run.lease);
        await runTask(run, runtime);
      },
      began({ lease, record }) {
        residents.begin(lease.identity_id);
        locks.publish({
          task_id: record.task.id,
          worker_id,
          resident_id: lease.resident_id ?? worker_id,
          pid: process.pid,
          host: hostname(),
          epoch: lease.epoch,
          started_at: clock.now().toISOString(),
        });
      },
      ended({ lease, record }) {
        residents.end(lease.identity_id);
        locks.remove(record.task.id, worker_id, lease.epoch);
        keeper.wake();
      },
      onEvent: (listener) => store.onEvent((event) => listener(event)),
      // What came of its own work it knows first.
      turn: (event) => (event['worker_id'] === worker_id ? 0 : turn(event.task_id)),
      learning: () => promoter.busy || keeper.busy || freeTime.busy,
      onTrouble: (err) => log.warn({ err }, 'tasks could not be claimed; trying again'),
    },
    { siblings: runtime.config.subtaskParallelism, ...options },
  );
}

/** What goes on beside the loop: heartbeats, the switches, holds that end by themselves. Returns the way to stop. */
function startBackground(
  { runtime, registry, switches, outbox, attendance, duties }: OpenRuntime,
  { holds, keeper, freeTime }: Pick<BackgroundServices, 'holds' | 'keeper' | 'freeTime'>,
  worker: Worker,
  sweep: () => void,
): () => void {
  const { log } = runtime;
  const owe = () =>
    Promise.all([attendance.sunday(), duties.look()]).catch((err: unknown) =>
      log.error({ err }, 'the ledger cannot be written; what residents are owed waits'),
    );
  void owe();
  const leisure = setInterval(() => freeTime.look(), LEISURE_MS);
  const beat = setInterval(
    () => {
      registry.beat(worker.running).catch((err: unknown) => log.warn({ err }, 'the heartbeat could not be written'));
      void outbox.remember();
      void owe();
      sweep();
    },
    beatMs(runtime.config.leaseSeconds * 1_000),
  );
  const stopSwitches = switches.watch((state) => {
    log.info({ ...switches.reason() }, `the world is ${state}`);
    if (state === 'halted') {
      worker.abort();
      freeTime.abort();
    }
    worker.wake();
    keeper.wake();
  });
  const stopHolds = holds.start();
  const stopLogging = logTasks(runtime.store, runtime.worker_id, log);
  return () => {
    clearInterval(beat);
    clearInterval(leisure);
    stopSwitches();
    stopHolds();
    stopLogging();
    // What a killed worker left is held by nobody only since this one took its tasks over.
    sweep();
  };
}

/** A lock is put up after its claim: a log that is read after the lock knows of it. Locks only inform, so trouble waits. */
function sweepLocks(locks: LockFiles, { store, log }: Pick<Runtime, 'store' | 'log'>): void {
  try {
    locks.sweep(({ task_id, worker_id, epoch }) => {
      store.refresh();
      const lease = store.get(task_id)?.lease;
      return lease?.worker_id === worker_id && lease.epoch === epoch;
    });
  } catch (err) {
    log.warn({ err }, 'locks that were left behind could not be taken down');
  }
}

function stopInStages(worker: Worker, { giveUp, runtime }: OpenRuntime): void {
  runtime.log.info({ running: worker.running }, 'stopping: nothing new is taken');
  worker.stop();
  setTimeout(() => {
    worker.abort();
    setTimeout(() => giveUp.abort(), RELEASE_MS).unref();
  }, GRACE_MS).unref();
}
