import type { CycleRequest } from '@vivarium/core';

/** What a request asks for, once it is clear. */
export type Work =
  | { readonly kind: 'llm'; readonly prompt: string }
  | { readonly kind: 'local'; readonly command: string }
  | { readonly kind: 'skill'; readonly skill: string; readonly prompt: string }
  | { readonly kind: 'unclear'; readonly field: string; readonly message: string };

/**
 * Mode `llm` runs the prompt, mode `local` the command, and without a mode a command alone is local. The text that is
 * named here is the text that is judged and the text that is executed.
 */
export function workOf({ prompt, task, mode, skill }: Pick<CycleRequest, 'prompt' | 'task' | 'mode' | 'skill'>): Work {
  if (skill !== undefined) return { kind: 'skill', skill, prompt: prompt ?? task ?? '' };
  if (prompt === undefined && task === undefined)
    return { kind: 'unclear', field: 'prompt', message: 'give a prompt (for a model), a task (a local command) or a skill' };
  if (mode === 'local' || (mode === undefined && prompt === undefined))
    return task === undefined
      ? { kind: 'unclear', field: 'task', message: 'mode local needs the command in "task"' }
      : { kind: 'local', command: task };
  return prompt === undefined
    ? { kind: 'unclear', field: 'prompt', message: 'mode llm needs a prompt' }
    : { kind: 'llm', prompt };
}

const OUTPUT_BYTES = 256 * 1024;

/** Text cut to 256 KB of UTF-8 at a character's edge; the artifact has the whole. */
export function cut(text: string): { text: string; truncated: boolean } {
  if (text.length * 3 <= OUTPUT_BYTES) return { text, truncated: false };
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= OUTPUT_BYTES) return { text, truncated: false };
  return { text: new TextDecoder().decode(bytes.subarray(0, OUTPUT_BYTES)).replace(/\uFFFD+$/, ''), truncated: true };
}

/** Money as it is shown in results: six decimals. */
export const roundUsd = (usd: number): number => Math.round(usd * 1e6) / 1e6;
