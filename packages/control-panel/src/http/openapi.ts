import { z } from 'zod';
import type { DescribedRoute } from './route.ts';

/** OpenAPI 3.1 of the route table: what each route is called and takes. */
export function openApiOf(table: readonly DescribedRoute[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const entry of table) {
    const path = entry.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [entry.method]: operation(entry) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Vivarium control panel', version },
    paths,
    components: { schemas: { Refusal: refusalSchema } },
  };
}

const refusalSchema = {
  type: 'object',
  required: ['success', 'error', 'code'],
  properties: {
    success: { const: false },
    error: { type: 'string' },
    code: { type: 'string' },
    fix: { type: 'string' },
    errors: { type: 'array', items: { type: 'object', properties: { field: { type: 'string' }, message: { type: 'string' } } } },
  },
};

function operation(entry: DescribedRoute): Record<string, unknown> {
  const inPath = [...entry.path.matchAll(/:(\w+)/g)].map((match) => ({
    name: match[1],
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const { answers: media = ['application/json'] } = entry;
  return {
    summary: entry.summary,
    parameters: [...inPath, ...queryParameters(entry.query)],
    ...(entry.body ? { requestBody: { content: { 'application/json': { schema: schemaOf(entry.body) } } } } : {}),
    responses: {
      [entry.status]: { description: 'Done', content: Object.fromEntries(media.map((type) => [type, {}])) },
      default: {
        description: 'Refused',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } },
      },
    },
  };
}

function queryParameters(schema: z.ZodType | undefined): unknown[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).map(([name, field]) => ({
    name,
    in: 'query',
    schema: field instanceof z.ZodType ? schemaOf(field) : {},
  }));
}

function schemaOf(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}
