import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { start, temporaryFolder } from '../../kit/processes.ts';
import type { FaultWorld } from '../../kit/world.ts';
import { tokenOf } from '../town.ts';
import type { Found } from './found.ts';

const STRACE = '/usr/bin/strace';
const CALLS = 3;

export const canTrace = (): boolean => existsSync(STRACE);

/**
 * A kill cannot show whether anything was synced, for the page cache outlives a process. So two real processes are
 * watched by their system calls while they do one thing after the other: whenever the API speaks to the model or to its
 * client, and whenever a worker's store says that a task is approved, everything they wrote to a durable log is synced.
 */
export async function checkSynced(found: Found, world: FaultWorld): Promise<void> {
  await Promise.all([watchApi(found, world), watchStore(found)]);
}

async function watchApi(found: Found, world: FaultWorld): Promise<void> {
  const trace = join(temporaryFolder(), 'api');
  const life = world.launch('api', [], { under: under(trace, 'write,writev,fdatasync') });
  await life.child.line((line) => /ready/i.test(line));
  for (let n = 0; n < CALLS; n++) {
    const body = { prompt: `Write one sentence about [task traced${n}].`, task_id: `traced${n}`, execution_key: `traced${n}#1` };
    const headers = { 'content-type': 'application/json', 'x-vivarium-internal-token': tokenOf(world) };
    const url = `http://127.0.0.1:${world.env['VIVARIUM_API_PORT']}/cycle`;
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    await response.text();
    if (!response.ok) found.broke('told means synced', `the traced call was answered ${response.status}`);
  }
  // The tracer passes no signal on: the whole group is told to end.
  process.kill(-(life.child.process.pid ?? 0), 'SIGTERM');
  await life.child.exit;
  judge(found, trace, { durable: /\.swarm\/(budget_ledger|executions)(\.\d+)?\.jsonl$/, spoken: /^TCP/, least: 2 * CALLS });
}

/** The kit's worker reduced to its storage: it says "approved" once the store has told it so. */
async function watchStore(found: Found): Promise<void> {
  const folder = temporaryFolder();
  const trace = join(folder, 'trace');
  const run = start('tests/faults/kit/claimer.ts', [folder, 'traced', '5'], { under: under(trace, 'write,fdatasync') });
  const { code } = await run.exit;
  if (code !== 0) found.broke('told means synced', `the traced worker ended with ${code}: ${run.errors.slice(-2).join(' ')}`);
  judge(found, trace, { durable: /execution_log(\.\d+)?\.jsonl$/, spoken: /^(pipe|socket|UNIX)/, least: 5, only: '"approved' });
}

const under = (trace: string, calls: string) => [STRACE, '-f', '-qq', '-yy', '-s', '64', '-o', trace, '-e', `trace=${calls}`];

interface Rule {
  readonly durable: RegExp;
  /** What a descriptor through which somebody is told looks like in the trace. */
  readonly spoken: RegExp;
  /** Fewer tellings than this and the trace proves nothing. */
  readonly least: number;
  /** Tellings that matter contain this. */
  readonly only?: string;
}

interface Syscall {
  readonly name: string;
  readonly target: string;
  readonly text: string;
}

function judge(found: Found, trace: string, { durable, spoken, least, only }: Rule): void {
  /** Writes so far, and how many of them the last finished sync covers, by file. */
  const logs = new Map<string, { written: number; synced: number }>();
  const open = new Map<string, { readonly call: Syscall; readonly covers: number }>();
  const of = (file: string) => logs.get(file) ?? logs.set(file, { written: 0, synced: 0 }).get(file) ?? { written: 0, synced: 0 };
  let told = 0;
  const ended = (call: Syscall, covers: number) => {
    if (call.name === 'fdatasync') of(call.target).synced = Math.max(of(call.target).synced, covers);
  };
  for (const line of readFileSync(trace, 'utf8').split('\n')) {
    const [, pid = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (/^<\.\.\. \w+ resumed>/.test(rest)) {
      const begun = open.get(pid);
      if (begun && rest.includes('= 0')) ended(begun.call, begun.covers);
      continue;
    }
    const [, name = '', target = '', text = ''] = /^(\w+)\(\d+<(.*?)>(?=[,) ])(.*)$/.exec(rest) ?? [];
    const call = { name, target, text };
    if (name.startsWith('write') && durable.test(target)) of(target).written += 1;
    if (name.startsWith('write') && spoken.test(target) && (only === undefined || unescaped(text).includes(only))) {
      told += 1;
      for (const [file, { written, synced }] of logs)
        if (synced < written)
          found.broke('told means synced', `${file.split('/').at(-1)} was not synced before ${text.slice(0, 60)}`);
    }
    const covers = logs.get(target)?.written ?? 0;
    if (rest.includes('<unfinished')) open.set(pid, { call, covers });
    else if (/= 0$/.test(rest)) ended(call, covers);
  }
  found.count('tellings traced', told);
  if (told < least) found.broke('told means synced', `only ${told} tellings were seen in the trace; at least ${least} were made`);
}

const unescaped = (text: string): string => text.replaceAll('\\"', '"');
