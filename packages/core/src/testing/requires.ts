import { spawnSync } from 'node:child_process';

/** System programs that some tests need, each with a call that proves it works here. */
const PROBES = {
  bwrap: ['bwrap', '--ro-bind', '/', '/', '--unshare-all', 'true'],
  rg: ['rg', '--version'],
  chromium: ['chromium', '--version'],
  unshare: ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child', 'true'],
  strace: ['strace', '-f', '-o', '/dev/null', 'true'],
  faketime: ['faketime', '2026-01-01', 'true'],
} as const;
export type SystemProgram = keyof typeof PROBES;

const answers = new Map<SystemProgram, boolean>();

/**
 * Whether these programs are here and work, for `describe.runIf(requires('bwrap'))`. A missing one that
 * `VIVARIUM_TEST_REQUIRE` lists (comma-separated) is an error; else the reason for skipping goes to stderr.
 */
export function requires(...programs: readonly SystemProgram[]): boolean {
  const missing = programs.filter((program) => !works(program));
  const demanded = (process.env['VIVARIUM_TEST_REQUIRE'] ?? '').split(',').map((name) => name.trim());
  const refused = missing.filter((program) => demanded.includes(program));
  if (refused.length > 0) {
    throw new Error(`These tests need ${refused.join(', ')} (see VIVARIUM_TEST_REQUIRE); install it from the system's packages`);
  }
  if (missing.length > 0)
    process.stderr.write(`Skipped: these tests need ${missing.join(', ')}, which is missing or does not work\n`);
  return missing.length === 0;
}

function works(program: SystemProgram): boolean {
  const known = answers.get(program);
  if (known !== undefined) return known;
  const [command, ...args] = PROBES[program];
  const answer = spawnSync(command, args, { stdio: 'ignore', timeout: 20_000 }).status === 0;
  answers.set(program, answer);
  return answer;
}
