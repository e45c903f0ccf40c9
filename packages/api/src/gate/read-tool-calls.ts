import type { ToolCall } from './rules.ts';

/** The function calls of a reply. What has no name is left out; what has no id gets one. */
export function readToolCalls(value: unknown): ToolCall[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown, at) => {
    const { id, function: called } = isObject(item) ? item : {};
    const { name, arguments: given } = isObject(called) ? called : {};
    if (typeof name !== 'string' || name === '') return [];
    const text = typeof given === 'string' ? given : JSON.stringify(given ?? {});
    return [
      { id: typeof id === 'string' && id !== '' ? id : `call_${at}`, type: 'function', function: { name, arguments: text } },
    ];
  });
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
