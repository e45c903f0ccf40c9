import { findTools, probeCage, type Tools } from '@vivarium/sandbox';
import type { CommandPolicy } from './policy.ts';
import type { Programs } from './runner.ts';
import type { SandboxStatus } from './types.ts';

export interface Probe {
  readonly tools: Tools;
  readonly detail: string;
  readonly fix?: string;
}

/** Find the sandbox's tools, and whether they work here. */
export async function probeSandbox(wanted: boolean): Promise<Probe> {
  const { bwrap, prlimit } = findTools();
  const withLimits: Tools = prlimit === undefined ? {} : { prlimit };
  if (!wanted) return { tools: withLimits, detail: 'the sandbox is switched off' };
  const { ok, ...said } = await probeCage({ ...withLimits, ...(bwrap ? { bwrap } : {}) });
  if (!ok || bwrap === undefined) return { tools: withLimits, ...said };
  return { tools: { ...withLimits, bwrap }, detail: `${said.detail}: no network, read-only workspace, no .swarm` };
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
