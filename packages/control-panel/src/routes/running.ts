import { CATALOGUE } from '@vivarium/core';
import { done, route } from '../http/route.ts';
import { workerViews } from '../presenters/views.ts';
import { DoctorAnswer, ProviderTest, SettingsAnswer, WorkerStopped, WorkersAnswer, WorkersStarted } from '../protocol/running.ts';
import { settingsAnswer } from '../settings/settings-view.ts';
import { doctor } from '../upstream/doctor.ts';
import { testProvider } from '../upstream/provider-test.ts';
import { MOST_WORKERS, type WorkerPool } from '../worker-pool/worker-pool.ts';
import { PERSON, type World } from '../world/world.ts';

/** How the world is set up and run: settings, workers, health, the way to a model. */
export function runningRoutes(world: World, pool: WorkerPool) {
  return [
    route({
      method: 'get',
      path: '/api/settings',
      entry: 'show_settings',
      answer: SettingsAnswer,
      run: () => settingsAnswer(world.config),
    }),
    ...workers(world, pool),
    route({
      method: 'get',
      path: '/api/doctor',
      entry: 'doctor',
      answer: DoctorAnswer,
      run: doctor(world.config),
    }),
    route({
      method: 'post',
      path: '/api/provider/test',
      entry: 'test_provider',
      body: CATALOGUE.test_provider.input,
      answer: ProviderTest,
      run: () => testProvider(world.config.apiPort, world.token),
    }),
  ];
}

function workers(world: World, pool: WorkerPool) {
  const note = (action: string, detail: string) => world.activity.note({ actor: PERSON, action_type: 'SYSTEM', action, detail });
  return [
    route({
      method: 'get',
      path: '/api/workers',
      entry: 'list_workers',
      answer: WorkersAnswer,
      run: () => done({ workers: workerViews(world), crew: pool.list(), most: MOST_WORKERS }),
    }),
    route({
      method: 'post',
      path: '/api/workers/start',
      entry: 'start_workers',
      body: CATALOGUE.start_workers.input,
      status: 201,
      answer: WorkersStarted,
      run: ({ body }) => {
        const started = pool.start(body.count, body.concurrency);
        note('start_workers', `${body.count} with ${body.concurrency} tasks at once`);
        return done({ started });
      },
    }),
    route({
      method: 'post',
      path: '/api/workers/:id/stop',
      entry: 'stop_worker',
      body: CATALOGUE.stop_worker.input,
      answer: WorkerStopped,
      run: ({ params }) => {
        const stopped = pool.stop(params.id);
        note('stop_worker', `process ${stopped.pid}`);
        return done({ worker: stopped });
      },
    }),
  ];
}
