import type { Machine } from './runner.ts';
import type { LocalRunner } from './types.ts';

export function openSkills(_machine: Machine): { run: LocalRunner['runSkill']; list: LocalRunner['listSkills'] } {
  return { run: async () => ({ kind: 'refused', rule: 'skill.unknown', reason: '', fix: '' }), list: async () => [] };
}
