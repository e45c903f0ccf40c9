import { realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { CommandPolicy, Limits } from './policy.ts';
import { runProcess } from './process.ts';
import type { Programs } from './runner.ts';
import { cagedArgv, findTools, SANDBOX_PATH, type Tools } from './sandbox.ts';
import type { SandboxStatus } from './types.ts';

export interface Probe {
  readonly tools: Tools;
  readonly detail: string;
  readonly fix?: string;
}

const INSTALL =
  "Install bubblewrap from the system's packages (Debian, Ubuntu: apt-get install bubblewrap), then restart the API";
const ALLOW =
  'Allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1; on Ubuntu 24.04 an AppArmor profile for bwrap), then restart the API';

/** Find the sandbox's tools and start one program in it, because a sandbox that is installed may still not be allowed. */
export async function probeSandbox(limits: Limits, wanted: boolean): Promise<Probe> {
  const { bwrap, prlimit } = findTools();
  const withLimits: Tools = prlimit === undefined ? {} : { prlimit };
  if (!wanted) return { tools: withLimits, detail: 'the sandbox is switched off' };
  if (bwrap === undefined) return { tools: withLimits, detail: 'bubblewrap is not installed', fix: INSTALL };
  const tools: Tools = { ...withLimits, bwrap };
  const workspace = await realpath(tmpdir());
  const argv = cagedArgv({ tools, workspace, limits, cpuSeconds: 5, masked: [] }, ['/usr/bin/true']);
  const env = { PATH: SANDBOX_PATH };
  const ended = await runProcess({ argv, cwd: '/', env, timeoutMs: 5_000, outputBytes: 2_000, sandboxed: true });
  if (ended.exit_code === 0) return { tools, detail: `commands run in ${bwrap}: no network, read-only workspace, no .swarm` };
  const said = ended.stderr.text.trim().split('\n')[0] ?? '';
  return { tools: withLimits, detail: `bubblewrap does not start here: ${said || `exit code ${ended.exit_code}`}`, fix: ALLOW };
}

export function statusOf(probe: Probe, policy: CommandPolicy, programs: Programs): SandboxStatus {
  const caged = probe.tools.bwrap !== undefined;
  const grammarOnly = 'the read-only programs still run, held by their argument grammar alone';
  return {
    mode: caged ? 'sandboxed' : 'grammar_only',
    detail: caged ? probe.detail : `${probe.detail}; ${grammarOnly}`,
    ...(probe.fix === undefined ? {} : { fix: probe.fix }),
    programs: Object.entries(policy.programs).map(([name, { about }]) => {
      const path = programs.get(name);
      return path === undefined ? { name, detail: 'not installed' } : { name, path, detail: about };
    }),
  };
}
