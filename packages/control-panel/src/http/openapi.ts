import { z } from 'zod';
import { Refusal } from '../protocol/refusal.ts';
import type { DescribedRoute } from './route.ts';

/** OpenAPI 3.1 of the route table: what each route is called, takes and answers. */
export function openApiOf(
  table: readonly DescribedRoute[],
  version: string,
): { readonly openapi: string; readonly [part: string]: unknown } {
  const { answers, schemas } = answersOf(table);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const entry of table) {
    const path = entry.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [entry.method]: operation(entry, answers[nameOf(entry)]) };
  }
  return { openapi: '3.1.0', info: { title: 'Vivarium control panel', version }, paths, components: { schemas } };
}

const nameOf = ({ method, path }: DescribedRoute): string => `${method} ${path}`;

/** The schema of each route's answer, and those with a name of their own, to which they refer. */
function answersOf(table: readonly DescribedRoute[]): Pick<z.infer<typeof Schemas>, 'answers' | 'schemas'> {
  const all = z.object({ Refusal, ...Object.fromEntries(table.map((entry) => [nameOf(entry), entry.answer])) });
  const whole = z.toJSONSchema(all, { io: 'output', unrepresentable: 'any', override: withoutSilentBranches });
  return Schemas.parse(JSON.parse(JSON.stringify(whole).replaceAll('"#/$defs/', '"#/components/schemas/')));
}

const JsonSchemas = z.record(z.string(), z.unknown());
const Schemas = z
  .object({ properties: JsonSchemas, $defs: JsonSchemas })
  .transform(({ properties, $defs }) => ({ answers: properties, schemas: $defs }));

/** What another branch of a choice is turned into when it is read says nothing that this one does not. */
function withoutSilentBranches({ jsonSchema }: { jsonSchema: { anyOf?: object[] } }): void {
  const said = jsonSchema.anyOf?.filter((branch) => Object.keys(branch).length > 0);
  if (said !== undefined) jsonSchema.anyOf = said;
}

function operation(entry: DescribedRoute, answer: unknown): Record<string, unknown> {
  const inPath = [...entry.path.matchAll(/:(\w+)/g)].map((match) => ({
    name: match[1],
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const { media = ['application/json'] } = entry;
  return {
    operationId: entry.entry,
    summary: entry.summary,
    parameters: [...inPath, ...queryParameters(entry.query)],
    ...(entry.body ? { requestBody: { content: { 'application/json': { schema: schemaOf(entry.body) } } } } : {}),
    responses: {
      [entry.status]: { description: 'Done', content: Object.fromEntries(media.map((type) => [type, { schema: answer }])) },
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
