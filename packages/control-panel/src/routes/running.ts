import { z } from 'zod';
import { done, route } from '../http/route.ts';
import { workerViews } from '../presenters/views.ts';
import { DoctorAnswer, ProviderTest, SettingsAnswer, WorkerStopped, WorkersAnswer, WorkersStarted } from '../protocol/running.ts';
import { settingsAnswer } from '../settings/settings-view.ts';
import { doctor } from '../upstream/doctor.ts';
import { testProvider } from '../upstream/provider-test.ts';
import { MOST_WORKERS, type WorkerPool } from '../worker-pool/worker-pool.ts';
import { PERSON, type World } from '../world/world.ts';

const Start = z.strictObject({
  count: z.number().int().min(1).max(MOST_WORKERS).default(1),
  concurrency: z.number().int().min(1).max(64).default(4).describe('Tasks at once, per worker'),
});

/** How the world is set up and run: settings, workers, health, the way to a model. */
export function runningRoutes(world: World, pool: WorkerPool) {
  return [
    route({
      method: 'get',
      path: '/api/settings',
      summary: 'How this world is set up',
      answer: SettingsAnswer,
      run: () => settingsAnswer(world.config),
    }),
    ...workers(world, pool),
    route({
      method: 'get',
      path: '/api/doctor',
      summary: 'Is everything in place? Each finding with its fix',
      answer: DoctorAnswer,
      run: doctor(world.config),
    }),
    route({
      method: 'post',
      path: '/api/provider/test',
      summary: 'Ask the model one tiny question through the gate',
      body: z.strictObject({}),
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
      summary: 'Workers and their heartbeats, and those the panel started',
      answer: WorkersAnswer,
      run: () => done({ workers: workerViews(world), crew: pool.list(), most: MOST_WORKERS }),
    }),
    route({
      method: 'post',
      path: '/api/workers/start',
      summary: 'Start workers; they end with the panel',
      body: Start,
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
      summary: 'Stop a worker that the panel started; it gives its tasks back',
      body: z.strictObject({}),
      answer: WorkerStopped,
      run: ({ params }) => {
        const stopped = pool.stop(params.id);
        note('stop_worker', `process ${stopped.pid}`);
        return done({ worker: stopped });
      },
    }),
  ];
}
