import { code } from './markdown.ts';

/** What is read of a JSON schema. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
  readonly description?: string;
}

/** A schema that can say itself as JSON schema, as those of zod can. */
export interface Described {
  toJSONSchema(options: { io: 'input'; unrepresentable: 'any'; reused: 'inline' }): unknown;
}

export function schemaOf(schema: Described): JsonSchema {
  const { $defs = {}, ...whole }: JsonSchema & { $defs?: Record<string, JsonSchema> } = {
    ...Object(schema.toJSONSchema({ io: 'input', unrepresentable: 'any', reused: 'inline' })),
  };
  return whole.$ref ? ($defs[nameIn(whole.$ref)] ?? whole) : whole;
}

/** The name that a reference ends in. */
export const nameIn = (reference: string): string => reference.split('/').at(-1) ?? '';

/** The names of everything that a value of a description refers to. */
export const namesIn = (value: unknown): string[] =>
  [...JSON.stringify(value ?? {}).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => nameIn(reference));

/** What a field may hold, in words: `text`, `whole number from 1 to 50`, `low`, `medium` or `high`. */
export function typeWords(schema: JsonSchema): string {
  if (schema.$ref) return nameIn(schema.$ref).replace(/Input$/, '');
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum) return schema.enum.map((value) => code(String(value))).join(', ');
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches) return [...new Set(branches.map(typeWords))].join(' or ');
  if (typeof schema.type === 'object') return schema.type.map((type) => typeWords({ ...schema, type })).join(' or ');
  switch (schema.type) {
    case 'string':
      return `text${limit(schema.minLength, schema.maxLength, ' characters')}`;
    case 'integer':
      return `whole number${limit(schema.minimum, schema.maximum)}`;
    case 'number':
      return `number${limit(schema.minimum, schema.maximum)}`;
    case 'null':
      return '`null`';
    case 'boolean':
      return '`true` or `false`';
    case 'array':
      return `list of ${typeWords(schema.items ?? {})}`;
    case 'object':
      return schema.properties ? `object with ${Object.keys(schema.properties).map(code).join(', ')}` : 'object';
    default:
      return 'anything';
  }
}

/** Bounds that say something; the widest whole numbers do not. */
function limit(least: number | undefined, most: number | undefined, unit = ''): string {
  const from = least === undefined || least <= -Number.MAX_SAFE_INTEGER || (unit !== '' && least <= 1) ? undefined : least;
  const to = most === undefined || most >= Number.MAX_SAFE_INTEGER ? undefined : most;
  if (from !== undefined && to !== undefined) return ` from ${from} to ${to}${unit}`;
  if (from !== undefined) return ` from ${from}${unit}`;
  return to === undefined ? '' : `, at most ${to}${unit}`;
}

/** Rows of an object's fields: name, what it holds, whether it must be there or its default, meaning. */
export function fieldRows({ properties = {}, required = [] }: JsonSchema, must = 'required'): string[][] {
  return Object.entries(properties).map(([name, field]) => {
    const standing = field.default !== undefined ? code(JSON.stringify(field.default)) : required.includes(name) ? must : '–';
    return [code(name), typeWords(field), standing, field.description ?? ''];
  });
}

/** The members of a union of objects that are told apart by one key. */
export const membersOf = (union: Described): readonly JsonSchema[] => {
  const { anyOf, oneOf } = schemaOf(union);
  return oneOf ?? anyOf ?? [];
};
