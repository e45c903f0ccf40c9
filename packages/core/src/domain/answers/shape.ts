import type { z } from 'zod';
import { fieldProblemLines, fieldProblemsOf } from '../../errors/index.ts';
import { bareName } from './loose-json.ts';
import { valuesIn } from './values.ts';

/** What an answer must look like: a text, a word of a fixed few, texts, objects, or an object of these. */
export type Shape = 'text' | 'word' | 'texts' | ObjectShape | readonly [ObjectShape];
export interface ObjectShape {
  readonly [name: string]: Shape;
}

export type Shaped<T> = { readonly found: true; readonly value: T } | { readonly found: false; readonly fault: string };
type Fields = Readonly<Record<string, unknown>>;

/**
 * Read a structured answer: the one value in it that fits the schema once names, lists and numbers are put right.
 * Two different ones are none.
 */
export function readShaped<T>(answer: string, shape: ObjectShape, schema: z.ZodType<T>): Shaped<T> {
  const found = new Map<string, T>();
  let fault = 'it holds no JSON object of the kind that was asked for, or one that is cut off';
  for (const value of valuesIn(answer).values.flatMap((one) => unwrapped(one, shape))) {
    const read = schema.safeParse(shaped(value, shape));
    if (read.success) found.set(JSON.stringify(read.data), read.data);
    else fault = fieldProblemLines(fieldProblemsOf(read.error, { at: 'the answer' }).slice(0, 3));
  }
  const [value] = found.values();
  if (found.size > 1) return { found: false, fault: `it holds ${found.size} different answers` };
  return value === undefined ? { found: false, fault } : { found: true, value };
}

/** A value as its shape wants it. Names count whatever their case, what has no place in the shape is left out. */
export function shaped(value: unknown, shape: Shape): unknown {
  if (shape === 'text') return textOf(value);
  if (shape === 'word') return typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (shape === 'texts') return textsOf(value);
  if (isList(shape)) return value === null ? [] : Array.isArray(value) ? value.map((item) => shaped(item, shape[0])) : value;
  if (!isFields(value)) return value;
  const given = new Map(Object.entries(value).map(([name, part]) => [bareName(name), part]));
  const entries = Object.entries(shape).flatMap(([name, part]) => {
    const known = given.get(bareName(name));
    return known === undefined && part !== 'texts' ? [] : [[name, shaped(known, part)]];
  });
  return Object.fromEntries(entries);
}

/** The object of a shape in a value: itself, or within wrappers of one entry. */
function unwrapped(value: unknown, shape: ObjectShape, depth = 3): Fields[] {
  if (depth === 0 || typeof value !== 'object' || value === null) return [];
  const names = new Set(Object.keys(shape).map(bareName));
  if (isFields(value) && Object.keys(value).some((name) => names.has(bareName(name)))) return [value];
  const inner: unknown[] = Object.values(value);
  return inner.length === 1 ? unwrapped(inner[0], shape, depth - 1) : [];
}

const isList = (shape: Shape): shape is readonly [ObjectShape] => Array.isArray(shape);
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): unknown => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : value);

/** Texts of a list that may be missing, one text alone, or objects around texts. */
function textsOf(value: unknown): unknown {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return value.trim() === '' ? [] : [value];
  if (!Array.isArray(value)) return value;
  return value.filter((item) => item !== null).map((item) => (isFields(item) ? wordsIn(item) : textOf(item)));
}

const wordsIn = (fields: Fields): string =>
  Object.values(fields)
    .filter((part) => typeof part === 'string' && part !== '')
    .join(': ');
