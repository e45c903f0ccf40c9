import { code, page, table } from './markdown.ts';
import { fieldRows, type JsonSchema, nameIn, namesIn, typeWords } from './schemas.ts';

interface Response {
  readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>>;
}

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: JsonSchema & { description?: string };
  }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>> };
  readonly responses?: Readonly<Record<string, Response>>;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, JsonSchema>> };
}

/** Every route of a description: what it does, what it takes, how it answers. */
export function httpPage(title: string, source: string, about: string, { paths, components }: OpenApi): string {
  const schemas = components?.schemas ?? {};
  const sections = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => section(`${method.toUpperCase()} ${path}`, operation, schemas)),
  );
  return page(title, source, about, ...sections, ...answersPart(paths, schemas));
}

function section(
  title: string,
  { summary, parameters = [], requestBody, responses = {} }: Operation,
  schemas: Readonly<Record<string, JsonSchema>>,
): string {
  const given = requestBody?.content?.['application/json']?.schema;
  const body = given?.$ref ? schemas[nameIn(given.$ref)] : given;
  const query = parameters.filter((each) => each.in === 'query');
  const answers = Object.entries(responses).filter(([status]) => status !== 'default');
  return [
    `## ${title}`,
    ...(summary ? [`${summary}.`] : []),
    ...(query.length > 0 ? [table(['Query', 'Holds', 'Default', 'Meaning'], query.map(queryRow))] : []),
    ...(body?.properties && Object.keys(body.properties).length > 0
      ? [table(['Body', 'Holds', 'Default', 'Meaning'], fieldRows(body))]
      : []),
    ...(body && !body.properties && Object.keys(body).length > 0 ? [`Body: ${typeWords(body)}.`] : []),
    ...(answers.length > 0 ? [`Answers: ${answerWords(answers)}.`] : []),
  ].join('\n\n');
}

const queryRow = ({ name, required, schema }: NonNullable<Operation['parameters']>[number]): string[] => {
  const standing = schema.default !== undefined ? code(JSON.stringify(schema.default)) : required ? 'required' : '–';
  return [code(name), typeWords(schema), standing, schema.description ?? ''];
};

/** `200` with what it holds, statuses that hold the same together; of a file only its media types. */
function answerWords(answers: readonly (readonly [string, Response])[]): string {
  const held = new Map<string, string[]>();
  for (const [status, { content = {} }] of answers) {
    const json = content['application/json']?.schema;
    const words = json ? typeWords(json) : Object.keys(content).map(code).join(', ');
    held.set(words, [...(held.get(words) ?? []), code(status)]);
  }
  return [...held].map(([words, statuses]) => `${statuses.join(', ')}${words === '' ? '' : ` with ${words}`}`).join('; ');
}

/** What the answers of all routes hold that has a name, and what that refers to. */
function answersPart(paths: OpenApi['paths'], schemas: Readonly<Record<string, JsonSchema>>): string[] {
  const names = new Set<string>();
  const add = (value: unknown) => {
    for (const name of namesIn(value)) {
      if (names.has(name) || schemas[name] === undefined) continue;
      names.add(name);
      add(schemas[name]);
    }
  };
  for (const methods of Object.values(paths)) for (const { responses } of Object.values(methods)) add(responses);
  if (names.size === 0) return [];
  const parts = [...names].sort().map((name) => held(name, schemas[name] ?? {}));
  return ['## What answers hold', ...parts];
}

function held(name: string, schema: JsonSchema): string {
  const { properties = {} } = schema;
  const fields = Object.keys(properties).length > 0;
  const body = fields ? table(['Field', 'Holds', 'There', 'Meaning'], fieldRows(schema, 'always')) : `${typeWords(schema)}.`;
  return [`### ${name}`, ...(schema.description ? [schema.description] : []), body].join('\n\n');
}
