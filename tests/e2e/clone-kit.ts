import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, vi } from 'vitest';

export const ROOT = resolve(import.meta.dirname, '../..');
const PATIENCE = { timeout: 110_000, interval: 100 };

/** It installs, compiles and builds, so it runs where everything does (`CI`), or when it is asked for. */
export const freshClonesAreAsked =
  (process.env['CI'] !== undefined || process.env['VIVARIUM_README'] === 'full') && existsSync(join(ROOT, '.git'));

/** Where this repository's own dependencies came from. */
export function storeOfThisRepository(): string {
  return String(JSON.parse(readFileSync(join(ROOT, 'node_modules/.modules.yaml'), 'utf8')).storeDir);
}

export const freshClone = (target: string): void => void execFileSync('git', ['clone', '-q', ROOT, target]);

/** Where Corepack keeps what it has downloaded, also for a person with another home. */
export const corepackHome = (): string => process.env['COREPACK_HOME'] ?? join(homedir(), '.cache', 'node', 'corepack');

export interface Started {
  readonly child: ChildProcess;
  readonly address: string;
  /** What it said so far. */
  readonly said: () => string;
  /** Ctrl-C, as a terminal sends it: to the whole process group. Resolves when all of it has ended. */
  stop(): Promise<void>;
}

/** `npm start`, until the panel's address is said. `onChild` hears of the process at once. */
export async function npmStart(
  cwd: string,
  env: Readonly<Record<string, string>>,
  onChild: (child: ChildProcess) => void,
): Promise<Started> {
  const child = spawn('npm', ['start'], { cwd, env: { ...env, VIVARIUM_PROVIDER: 'none' }, detached: true });
  onChild(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output += String(text);
    });
  const exit = new Promise((settle) => child.on('exit', settle));
  const address = await vi.waitFor(() => {
    const [, found] = /Vivarium is open at (\S+)/.exec(output) ?? [];
    expect(found, output).toBeDefined();
    return String(found);
  }, PATIENCE);
  const stop = async () => {
    signalGroup(child, 'SIGINT');
    await exit;
  };
  return { child, address, said: () => output, stop };
}

export function signalGroup(child: ChildProcess | undefined, signal: NodeJS.Signals): void {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  process.kill(-child.pid, signal);
}
