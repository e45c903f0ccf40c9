import { BUILT_IN, type Config, type ExecutorProfile } from '@vivarium/core';
import type { Command } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { readConfig } from '../read-config.ts';
import { flat } from '../shape.ts';

/** executor: who does the hands-on work of changes, and whether it works in the sandbox. */
export function addExecutor(program: Command, door: Door): void {
  const executor = program.command('executor').description('who does the hands-on work of changes to projects');
  const all = executor.command('list').description('the built-in one, and every profile of config/executors.json');
  door.asks<[]>(all, 'list_executors', (output) => list(output, readConfig()));
  const one = executor
    .command('try <name>')
    .description('start it in the sandbox on a small sample with made-up answers; no model is called, nothing is paid');
  door.asks<[string]>(one, 'try_executor', (output, _options, name) => tryOne(output, readConfig(), name));
}

async function list(output: Output, config: Config): Promise<number> {
  const { readExecutors } = await import('@vivarium/changes');
  const { ready, profiles, findings } = readExecutors(config);
  output.result({ executor: BUILT_IN, state: 'ready', findings: [] }, `${BUILT_IN}  ready: the residents' own loop`);
  for (const [name, profile] of profiles) {
    const own = findings.filter((finding) => finding.executor === name);
    const state = ready.has(name) ? 'ready' : own.length > 0 ? 'wrong' : 'no_folder';
    output.result({ executor: name, state, ...about(profile), findings: own }, flat`${name}  ${inWords(state, profile)}`);
  }
  for (const { field, problem, fix } of findings) output.say(flat`${field}: ${problem}. ${fix}`);
  return findings.length === 0 ? EXIT.done : EXIT.failed;
}

const about = ({ protocol, package: of, tried, folder }: ExecutorProfile) => ({
  ...{ protocol, tried },
  ...(of === undefined ? {} : { package: of }),
  ...(folder === undefined ? {} : { folder }),
});

function inWords(state: 'ready' | 'wrong' | 'no_folder', { folder = '', package: of = 'it', tried }: ExecutorProfile): string {
  const versions = tried.length > 0 ? `; tried with ${tried.join(', ')}` : '';
  if (state === 'ready') return `ready: ${folder}${versions}`;
  if (state === 'wrong') return 'cannot be used, see below';
  return `not set up: install ${of} and name its folder in config/executors.json${versions}`;
}

async function tryOne(output: Output, config: Config, name: string): Promise<number> {
  const { executorNamed, readExecutors, tryExecutor } = await import('@vivarium/changes');
  if (name === BUILT_IN) {
    output.result({ executor: name, edited: true }, 'built-in is the residents’ own loop: nothing has to be started');
    return EXIT.done;
  }
  const tried = await tryExecutor(config, executorNamed(readExecutors(config), name));
  const { version, protocol, calls, edited, exit_code, said, duration_ms } = tried;
  const words = [
    flat`${name}: version ${version ?? 'unknown'}${tried.tried.length > 0 ? ` (tried with ${tried.tried.join(', ')})` : ''}`,
    protocol === undefined ? 'it never asked its model' : `it asked its model ${calls} times, by the protocol ${protocol}`,
    edited ? 'it mended the sample' : 'it did not mend the sample',
    flat`it ended with exit code ${exit_code} after ${(duration_ms / 1000).toFixed(1)} s`,
    ...(edited || said === '' ? [] : ['the last it said:', ...said.split('\n').map((line) => flat`  ${line}`)]),
  ];
  output.result(tried, words.join('\n'));
  return edited ? EXIT.done : EXIT.failed;
}
