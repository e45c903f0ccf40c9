import { code, page, table } from './markdown.ts';
import { fieldRows, type JsonSchema, nameIn, typeWords } from './schemas.ts';

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
  readonly responses?: Readonly<Record<string, { readonly description?: string }>>;
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
  return page(title, source, about, ...sections);
}

function section(
  title: string,
  { summary, parameters = [], requestBody, responses = {} }: Operation,
  schemas: Readonly<Record<string, JsonSchema>>,
): string {
  const given = requestBody?.content?.['application/json']?.schema;
  const body = given?.$ref ? schemas[nameIn(given.$ref)] : given;
  const query = parameters.filter((each) => each.in === 'query');
  const statuses = Object.keys(responses).filter((status) => status !== 'default');
  return [
    `## ${title}`,
    ...(summary ? [`${summary}.`] : []),
    ...(query.length > 0 ? [table(['Query', 'Holds', 'Default', 'Meaning'], query.map(queryRow))] : []),
    ...(body?.properties && Object.keys(body.properties).length > 0
      ? [table(['Body', 'Holds', 'Default', 'Meaning'], fieldRows(body))]
      : []),
    ...(body && !body.properties && Object.keys(body).length > 0 ? [`Body: ${typeWords(body)}.`] : []),
    ...(statuses.length > 0 ? [`Answers: ${statuses.map(code).join(', ')}.`] : []),
  ].join('\n\n');
}

const queryRow = ({ name, required, schema }: NonNullable<Operation['parameters']>[number]): string[] => {
  const standing = schema.default !== undefined ? code(JSON.stringify(schema.default)) : required ? 'required' : '–';
  return [code(name), typeWords(schema), standing, schema.description ?? ''];
};
