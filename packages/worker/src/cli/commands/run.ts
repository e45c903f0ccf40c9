import { announceReady, exitOnDisconnect, loadConfig, visible } from '@vivarium/core';
import { type Command, InvalidArgumentError } from 'commander';
import { type RunningWorker, startWorker } from '../../loop/run-worker.ts';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { tellNotices } from '../read-config.ts';
import { count } from '../whole-number.ts';

const DEFAULT_CONCURRENCY = 4;
const MAX_CONCURRENCY = 64;
/** After a first signal the process ends by then, whatever hangs; a claim it could not release is taken over at once. */
const DEADLINE_MS = 3_900;

interface RunOptions {
  untilIdle?: boolean;
  concurrency: number;
}

/** run: a worker, until it is stopped, idle or at its limit. */
export function addRun(program: Command, door: Door): void {
  const run = program
    .command('run')
    .description('work on tasks until stopped')
    .argument('[max_tasks]', 'end after this many tasks', count);
  run
    .option('--until-idle', 'end when nothing is runnable and no timer is set')
    .option('--concurrency <n>', `tasks at once, 1 to ${MAX_CONCURRENCY}`, concurrency, DEFAULT_CONCURRENCY);
  door.asks<[string | undefined], RunOptions>(run, 'run_worker', (output, options, max) =>
    work(output, options, max === undefined ? undefined : Number(max)),
  );
}

async function work(output: Output, options: RunOptions, maxTasks: number | undefined): Promise<number> {
  const config = loadConfig();
  tellNotices(config);
  const worker = await startWorker(config, {
    concurrency: options.concurrency,
    untilIdle: options.untilIdle === true,
    ...(maxTasks === undefined ? {} : { maxTasks }),
  });
  const signal = listenForSignals(worker);
  exitOnDisconnect();
  announce(output, worker, options.concurrency);
  const ending = await worker.ended;
  const code = signal() ?? EXIT.done;
  if (output.json) output.result({ worker_id: worker.worker_id, ended: ending }, '');
  else output.say(`worker ended: ${ending}`);
  return code;
}

function announce(output: Output, worker: RunningWorker, slots: number): void {
  const line = `worker ${worker.worker_id} ready: ${slots} tasks at once, execution API at ${worker.endpoint}`;
  if (output.json) output.say(line);
  else announceReady(visible(line));
}

/** The first signal stops in two stages; a second one ends the process at once. Returns the exit code it asks for. */
function listenForSignals(worker: RunningWorker): () => number | undefined {
  let code: number | undefined;
  const heed = (name: 'SIGINT' | 'SIGTERM', exit: number) =>
    process.on(name, () => {
      if (code !== undefined) process.exit(exit);
      code = exit;
      worker.stop();
      setTimeout(() => process.exit(exit), DEADLINE_MS).unref();
    });
  heed('SIGINT', 130);
  heed('SIGTERM', 143);
  return () => code;
}

function concurrency(text: string): number {
  const slots = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (slots < 1 || slots > MAX_CONCURRENCY) throw new InvalidArgumentError(`give a whole number from 1 to ${MAX_CONCURRENCY}`);
  return slots;
}
