import type { AnswerSchema } from './adapter.ts';
import type { Provider } from './providers.ts';
import type { Message } from './rules.ts';

/** How structured answers are asked for: a strict schema, plain JSON mode, or words alone. */
export type Level = 'strict' | 'json' | 'words';

/** Which models are known not to take strict schemas, or not even JSON mode. */
export class SchemaSupport {
  readonly #levels = new Map<string, Level>();

  level(provider: Provider, model: string): Level {
    return this.#levels.get(`${provider.fingerprint} ${model}`) ?? 'strict';
  }

  lower(provider: Provider, model: string): void {
    this.#levels.set(`${provider.fingerprint} ${model}`, this.level(provider, model) === 'strict' ? 'json' : 'words');
  }
}

/** The call at a level: below `strict` the schema is said in words, before the task's own prompt. */
export function degrade(
  messages: readonly Message[],
  schema: AnswerSchema | undefined,
  level: Level,
): { messages: readonly Message[]; schema?: AnswerSchema } {
  if (!schema) return { messages };
  if (level === 'strict') return { messages, schema };
  const words = `Answer with one JSON value and nothing else. It must fit this JSON schema (${schema.name}): ${JSON.stringify(schema.schema)}`;
  const told: Message[] = [{ role: 'system', content: words }, ...messages];
  return level === 'json' ? { messages: told, schema: { name: schema.name, schema: {} } } : { messages: told };
}
