import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const FLAGS = ['--conditions', '@vivarium/source', '--import', 'tsx'];

/** A process of a benchmark. It says `ready`, waits for a line on stdin, works, and says one line of JSON. */
export class BenchChild {
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];
  readonly #waiting: ((line: string) => void)[] = [];

  constructor(script: string, args: readonly (string | number)[], env: Readonly<Record<string, string>> = {}) {
    const file = fileURLToPath(new URL(`../children/${script}`, import.meta.url));
    this.#process = spawn(process.execPath, [...FLAGS, file, ...args.map(String)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: '/usr/bin:/bin', ...env },
    });
    const { stdout } = this.#process;
    if (!stdout) throw new Error('no stdout');
    createInterface({ input: stdout }).on('line', (line) => {
      const next = this.#waiting.shift();
      if (next) next(line);
      else this.#lines.push(line);
    });
    this.#process.once('exit', (code) => {
      for (const next of this.#waiting.splice(0)) next(JSON.stringify({ error: `exit ${code}` }));
    });
  }

  line(): Promise<string> {
    const line = this.#lines.shift();
    return line === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(line);
  }

  say(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    await gone;
  }
}

/** Start several children, let them go together, and give back seconds from the start to the last one's end. */
export async function race(children: readonly BenchChild[]): Promise<{ seconds: number; results: readonly unknown[] }> {
  await Promise.all(children.map((child) => child.line()));
  const begun = process.hrtime.bigint();
  for (const child of children) child.say('go');
  const results = await Promise.all(children.map(async (child): Promise<unknown> => JSON.parse(await child.line())));
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  await Promise.all(children.map((child) => child.stop()));
  return { seconds, results };
}
