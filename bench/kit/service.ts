import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Of every process here: a key that opens nothing, any free port, and no limit that a measurement would meet. */
export const BENCH_ENV = {
  VIVARIUM_API_PORT: '0',
  GROQ_API_KEY: 'gsk_bench',
  SWARM_RATE_LIMIT: '1000000',
  SWARM_BUDGET_LIMIT: '1000000',
} as const;

const FROM_SOURCE = ['--conditions', '@vivarium/source', '--import', 'tsx'];

/** One real process of Vivarium, with its own environment and nothing of ours. `entry` is a source file, or all of Node's arguments. */
export class Service {
  readonly process: ChildProcess;

  constructor(
    entry: string | readonly string[],
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    flags: readonly string[] = [],
  ) {
    const program = typeof entry === 'string' ? [...FROM_SOURCE, ...flags, entry] : [...flags, ...entry];
    this.process = spawn(process.execPath, [...program, ...args], {
      cwd: root,
      env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent', VIVARIUM_LOG_LEVEL: 'error', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }

  /** The first line it says that matches, e.g. its ready line. */
  async line(pattern: RegExp): Promise<string> {
    const { stdout } = this.process;
    if (!stdout) throw new Error('no stdout');
    const lines = createInterface({ input: stdout });
    for await (const line of lines) if (pattern.test(line)) return line;
    throw new Error(`${this.process.spawnargs.at(-1)} ended before it was ready`);
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null) return;
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGTERM');
    await gone;
  }
}

/** Memory of a process now, in MB. */
export function rssOf({ process: { pid } }: Service): number {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1000;
}
