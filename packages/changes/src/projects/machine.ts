import { tmpdir } from 'node:os';
import { findTools, probeCage } from '@vivarium/sandbox';
import { runGit } from '../git/index.ts';

/** What changes need of this machine. */
export interface Machine {
  /** What `git --version` says. @throws when there is none */
  gitVersion(): Promise<string>;
  cage(): ReturnType<typeof probeCage>;
}

/** A fault of the machine, whichever project it is about. */
export interface MachineFault {
  readonly field: 'git' | 'sandbox';
  readonly problem: string;
  readonly fix: string;
}

const NEEDED = [2, 38] as const;
const UPDATE = 'Bring git to version 2.38 or later, from the packages of your system';

export const thisMachine: Machine = {
  async gitVersion() {
    const nowhere = { gitDir: '/nonexistent', emptyFolder: tmpdir() };
    return (await runGit(nowhere, ['--version'])).output.toString();
  },
  cage: () => probeCage(findTools()),
};

/** Why no change can be made here at all; empty when it can. */
export async function machineFaults(machine: Machine): Promise<readonly MachineFault[]> {
  const [git, cage] = await Promise.all([gitFault(machine), machine.cage()]);
  const off = `changes are off: ${cage.detail}`;
  return [...git, ...(cage.ok ? [] : [{ field: 'sandbox', problem: off, fix: cage.fix ?? 'Install bubblewrap' } as const])];
}

async function gitFault(machine: Machine): Promise<MachineFault[]> {
  const said = await machine.gitVersion().catch(() => undefined);
  if (said === undefined) return [{ field: 'git', problem: 'git is not installed', fix: UPDATE }];
  const [, major = 0, minor = 0] = /(\d+)\.(\d+)/.exec(said)?.map(Number) ?? [];
  const fits = major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
  return fits ? [] : [{ field: 'git', problem: `${said.trim()} is older than 2.38`, fix: UPDATE }];
}
