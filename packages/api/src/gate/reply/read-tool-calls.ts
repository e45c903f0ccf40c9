import type { ToolCall } from '../call/message.ts';
import { isObject } from './fields.ts';

/** The function calls of a reply, in a chat's form or flat. What has no name is left out; what has no id gets one. */
export function readToolCalls(value: unknown): ToolCall[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown, at) => {
    const call = isObject(item) ? item : {};
    const { name, arguments: given, input } = isObject(call['function']) ? call['function'] : call;
    if (typeof name !== 'string' || name === '') return [];
    const asked = given ?? input ?? {};
    const id = [call['id'], call['call_id']].find((one) => typeof one === 'string' && one !== '');
    return [
      {
        id: typeof id === 'string' ? id : `call_${at}`,
        type: 'function',
        function: { name, arguments: typeof asked === 'string' ? asked : JSON.stringify(asked) },
      },
    ];
  });
}
