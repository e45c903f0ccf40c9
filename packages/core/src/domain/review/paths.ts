import type { Witness } from '../../contract/outcome.ts';

/** A task that declares what it writes may write nothing else. `wrote` is the runtime's own record of it. */
export function pathsWitness(declared: readonly string[], wrote: readonly string[]): Witness {
  const others = wrote.filter((path) => !declared.includes(path));
  const detail =
    others.length === 0
      ? `it wrote ${wrote.length === 0 ? 'no document' : wrote.join(', ')}, and nothing that it did not declare`
      : `it wrote ${others.join(', ')}, which it did not declare (declared: ${declared.join(', ')})`;
  return { kind: 'paths', rule: 'paths.declared', passed: others.length === 0, decisive: false, detail };
}
