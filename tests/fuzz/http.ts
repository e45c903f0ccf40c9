import { Agent, type IncomingMessage, request } from 'node:http';
import fc from 'fast-check';
import { mangled, odd, oddText } from './kit.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** One operation of an OpenAPI description. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly body: Schema | undefined;
}

interface Described {
  readonly parameters?: Operation['parameters'];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

export function operationsOf({ paths, components }: OpenApi): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => {
      const schema = requestBody?.content?.['application/json']?.schema;
      const body = schema && resolved(schema, components?.schemas ?? {});
      return { method: method.toUpperCase(), path, parameters, body };
    }),
  );
}

/** A schema with what it refers to in place, as deep as a request may sensibly be. */
function resolved<T>(value: T, schemas: Readonly<Record<string, Schema>>, depth = 0): T {
  if (typeof value !== 'object' || value === null || depth > 12) return value;
  const meant = '$ref' in value ? schemas[String(value.$ref).split('/').at(-1) ?? ''] : value;
  if (Array.isArray(meant)) return meant.map((each: unknown) => resolved(each, schemas, depth + 1)) as T;
  return Object.fromEntries(Object.entries(meant ?? {}).map(([key, each]) => [key, resolved(each, schemas, depth + 1)])) as T;
}

/** Words that mean something in the world that is asked, so that many requests get past the door. */
export type Words = readonly string[];

/** A value that a JSON schema accepts, as a rule. */
export function fitting(schema: Schema | undefined, words: Words): fc.Arbitrary<unknown> {
  if (schema === undefined) return odd;
  const { type, enum: options, anyOf, oneOf, allOf, properties = {}, required = [], items, minimum, maximum, ...rest } = schema;
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (options) return fc.constantFrom(...options);
  const branches = anyOf ?? oneOf ?? allOf ?? [];
  if (branches.length > 0) return fc.oneof(...branches.map((branch) => fitting({ ...rest, ...branch }, words)));
  switch (typeof type === 'string' ? type : type?.[0]) {
    case 'object': {
      const fields = Object.entries(properties).map(([key, field]): [string, fc.Arbitrary<unknown>] => [
        key,
        fitting(field, words),
      ]);
      const record: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(fields);
      return fc.record(record, { requiredKeys: required.filter((key) => key in properties) });
    }
    case 'array':
      return fc.array(fitting(items, words), { maxLength: 3 });
    case 'integer':
    case 'number':
      return fc.integer({ min: Math.ceil(Math.max(minimum ?? 0, -1_000)), max: Math.floor(Math.min(maximum ?? 100, 1_000_000)) });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...words) },
        { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 30 }) },
      );
    default:
      return odd;
  }
}

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const percent = (text: string): string => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** Requests of one operation: right ones, nearly right ones, and ones that mean nothing. */
export function requestsOf({ method, path, parameters, body }: Operation, words: Words): fc.Arbitrary<Sent> {
  const text = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...words) }, { weight: 2, arbitrary: oddText });
  const places = parameters.filter((each) => each.in === 'path').map(({ name }) => [name, text.map(percent)] as const);
  const asked = parameters
    .filter((each) => each.in === 'query')
    .map(({ name, schema }) => [name, queryValue(schema, words)] as const);
  const right = fitting(body, words);
  const json = fc
    .oneof(
      right,
      right.chain((value) => mangled(value)),
      odd,
    )
    .map((value) => JSON.stringify(value) ?? '');
  const given =
    method === 'GET' ? fc.constant(undefined) : fc.oneof({ weight: 9, arbitrary: json }, { weight: 1, arbitrary: oddText });
  const type = fc.oneof(
    { weight: 30, arbitrary: fc.constant('application/json') },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'text/plain',
        'application/json; charset=utf-16',
        'application/xml',
        '',
        ';',
        'application/json;charset=',
      ),
    },
  );
  return fc
    .record({
      places: fc.record(Object.fromEntries(places)),
      asked: fc.record(Object.fromEntries(asked), { requiredKeys: [] }),
      body: given,
      type,
    })
    .map(({ places, asked, body, type }) => {
      const query = Object.entries<unknown>(asked).map(([name, value]) => `${name}=${percent(String(value))}`);
      const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(places[name]) || '%20');
      const headers = body === undefined ? {} : { 'content-type': type };
      return { method, path: query.length > 0 ? `${filled}?${query.join('&')}` : filled, headers, body };
    });
}

const queryValue = (schema: Schema, words: Words) =>
  fc.oneof({ weight: 2, arbitrary: fitting(schema, words) }, { weight: 1, arbitrary: oddText });

const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const PATIENCE_MS = 20_000;

/** Send it and read the whole answer. Rejects when none came in time. */
export function send(port: number, { method, path, headers, body }: Sent): Promise<{ status: number; text: string }> {
  return new Promise((settle, fail) => {
    const more = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(
      { host: '127.0.0.1', port, method, path, agent, headers: { ...headers, ...more } },
      (response: IncomingMessage) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => settle({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
        response.on('error', fail);
      },
    );
    sent.setTimeout(PATIENCE_MS, () => sent.destroy(new Error(`no answer to ${method} ${path}`)));
    sent.on('error', fail).end(body);
  });
}
