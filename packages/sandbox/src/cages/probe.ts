import { isolate, SANDBOX_PATH } from '../isolation/isolation.ts';
import type { Tools } from '../isolation/tools.ts';
import { runProcess } from '../process/process.ts';

const INSTALL =
  "Install bubblewrap from the system's packages (Debian, Ubuntu: apt-get install bubblewrap), then restart the API";
const ALLOW =
  'Allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1; on Ubuntu 24.04 an AppArmor profile for bwrap), then restart the API';
const UPDATE = "Bring bubblewrap to version 0.8 or later from the system's packages, then restart the API";

export interface Probe {
  readonly ok: boolean;
  readonly detail: string;
  readonly fix?: string;
}

/** Start one program in the sandbox, because a sandbox that is installed may still not be allowed. */
export async function probeCage({ bwrap }: Tools): Promise<Probe> {
  if (bwrap === undefined) return { ok: false, detail: 'bubblewrap is not installed', fix: INSTALL };
  const inside = { mounts: [], cwd: '/', environment: { PATH: SANDBOX_PATH }, shared_bytes: 65_536 };
  const { argv, descriptors } = isolate(bwrap, inside, () => ['/usr/bin/true']);
  const output = { head_bytes: 2_000, tail_bytes: 0 };
  const ended = await runProcess({ argv, descriptors, cwd: '/', env: {}, timeoutMs: 5_000, output, sandboxed: true });
  if (ended.exit_code === 0) return { ok: true, detail: `commands run in ${bwrap}` };
  const said = ended.stderr.text.trim().split('\n')[0] || `exit code ${ended.exit_code}`;
  const fix = said.includes('disable-userns') ? UPDATE : ALLOW;
  return { ok: false, detail: `bubblewrap does not start here: ${said}`, fix };
}
