import { vi } from 'vitest';
import { runCommand } from '../../packages/worker/src/program.ts';
import type { TestWorld } from './worker-kit.ts';

let turn: Promise<unknown> = Promise.resolve();

/** A command line in this process, one after the other: starting a process for each would take most of a test's time. */
export function cliHere(
  { root }: Pick<TestWorld, 'root'>,
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const ended = turn.then(async () => {
    const told: string[] = [];
    const complained: string[] = [];
    vi.stubEnv('VIVARIUM_WORKSPACE', root);
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => told.push(String(text)) > 0);
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => complained.push(String(text)) > 0);
    try {
      return { code: await runCommand(args), stdout: told.join(''), stderr: complained.join('') };
    } finally {
      vi.restoreAllMocks();
      vi.unstubAllEnvs();
    }
  });
  turn = ended.catch(() => undefined);
  return ended;
}
