import type { AnswerSchema } from '../call/message.ts';
import type { ChatClient } from './adapter.ts';
import { shortHash } from './adapter.ts';

const TOKEN_CHARS = 3.6;

/**
 * A provider without a model, for tests and demonstrations. The same call always gets the same answer: a critic's call is
 * approved, a call with a schema gets the smallest value that fits it, every other call a short text that names the
 * prompt. Nothing is sent anywhere, nothing costs anything, and results are marked `simulated`.
 */
export const scriptedClient: ChatClient = {
  async complete({ messages, schema, maxTokens }) {
    const prompt = messages.findLast((message) => message.role === 'user')?.content ?? '';
    const text = schema ? JSON.stringify(answerTo(schema)) : `Scripted answer ${shortHash(prompt)} to: ${prompt.slice(0, 400)}`;
    const sent = messages.reduce((sum, message) => sum + message.content.length, 0);
    return {
      text,
      usage: {
        prompt_tokens: Math.ceil(sent / TOKEN_CHARS),
        completion_tokens: Math.min(maxTokens, Math.ceil(text.length / TOKEN_CHARS)),
      },
      truncated: false,
    };
  },
};

function answerTo({ name, schema }: AnswerSchema): unknown {
  if (name === 'critic_verdict') return { verdict: 'APPROVE', confidence: 0.95, issues: [], suggestions: [] };
  return smallest(schema, 0);
}

/** The smallest plain value that a simple JSON schema accepts. */
function smallest(schema: unknown, depth: number): unknown {
  if (typeof schema !== 'object' || schema === null || depth > 8) return null;
  const given: Readonly<Record<string, unknown>> = { ...schema };
  const { type, enum: options, const: fixed, properties, required, items, minItems, minimum } = given;
  if (fixed !== undefined) return fixed;
  if (Array.isArray(options)) return options[0];
  switch (Array.isArray(type) ? type[0] : type) {
    case 'object': {
      const fields = typeof properties === 'object' && properties !== null ? Object.entries(properties) : [];
      const wanted = Array.isArray(required) ? fields.filter(([key]) => required.includes(key)) : fields;
      return Object.fromEntries(wanted.map(([key, field]) => [key, smallest(field, depth + 1)]));
    }
    case 'array':
      return Array.from({ length: typeof minItems === 'number' ? Math.min(minItems, 20) : 0 }, () => smallest(items, depth + 1));
    case 'number':
    case 'integer':
      return typeof minimum === 'number' ? minimum : 0;
    case 'boolean':
      return true;
    case 'string':
      return 'scripted';
    default:
      return null;
  }
}
