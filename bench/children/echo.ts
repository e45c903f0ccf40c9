/** `echo` as a local command and the bare spawn of the same sandbox, in turn, one after the other: rates of both. */
import { type StdioOptions, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { openLocalRunner } from '@vivarium/api';
import { workspacePaths } from '@vivarium/core';
import { cageCommand, findTools } from '@vivarium/sandbox';
import { done, ready } from './signal.ts';

const [folder = '', rounds = '20'] = process.argv.slice(2);
const installation = fileURLToPath(new URL('../..', import.meta.url));
const paths = workspacePaths(folder);
mkdirSync(paths.swarm, { recursive: true });
const local = await openLocalRunner({ installation });
const limits = {
  output_bytes: 262144,
  memory_bytes: 1 << 30,
  processes: 256,
  open_files: 256,
  file_bytes: 1 << 26,
  scratch_bytes: 1 << 26,
};
const masked = [{ path: '.swarm', folder: true }];
const cage = { tools: findTools(), workspace: folder, limits, cpuSeconds: 31, masked };
const { argv, descriptors } = cageCommand(cage, ['/usr/bin/echo', 'hi']);

function bare(): Promise<void> {
  const [program = '', ...args] = argv;
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', ...descriptors.map(() => 'pipe' as const)];
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { PATH: '/usr/bin:/bin' }, stdio });
    for (const [index, bytes] of descriptors.entries()) {
      const stream = child.stdio[3 + index];
      if (stream instanceof Writable) stream.end(bytes);
    }
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`exit ${code}`))));
  });
}

async function command(): Promise<void> {
  const ran = await local.runLocal({ command: 'echo hi', timeoutMs: 30_000, paths });
  if (ran.kind !== 'ran' || ran.exit_code !== 0) throw new Error(JSON.stringify(ran));
}

async function time(work: () => Promise<void>): Promise<number> {
  const begun = process.hrtime.bigint();
  for (let n = 0; n < 10; n++) await work();
  return Number(process.hrtime.bigint() - begun) / 1e9;
}

await time(bare);
await time(command);
await ready();
let [bareSeconds, commandSeconds] = [0, 0];
for (let round = 0; round < Number(rounds); round++) {
  bareSeconds += await time(bare);
  commandSeconds += await time(command);
}
done({ bare: (Number(rounds) * 10) / bareSeconds, command: (Number(rounds) * 10) / commandSeconds });
