import { z } from 'zod';
import { TaskEvent } from '../../contract/event.ts';

type Check = (value: unknown) => boolean;

/** By event, what its schema says. */
const CHECKS: ReadonlyMap<unknown, Check> = new Map(
  TaskEvent.options.map((option) => [option.shape.event.value, checkOf(option)]),
);

/**
 * Whether a line is an event that can be folded. It was checked against the contract before it was written, so this looks
 * only at the types of what the contract names: a whole history folds in a fraction of the time that the full schema would
 * take, and a line that another version or a hand wrote is one bad line instead of a world that does not open.
 */
export const canBeFolded = (value: unknown): value is TaskEvent =>
  isObject(value) && (CHECKS.get(value['event'])?.(value) ?? false) && namesItsTask(value);

function namesItsTask({ task_id, task }: Record<string, unknown>): boolean {
  return !isObject(task) || task['id'] === task_id;
}

/** What a schema says of the types in a parsed value, and no more: no formats, ranges, words of a list, or refinements. */
function checkOf(schema: z.core.$ZodType): Check {
  if (schema instanceof z.ZodObject) return fits(schema.shape);
  if (schema instanceof z.ZodArray) return listOf(checkOf(schema.element));
  if (schema instanceof z.ZodOptional) return maybe(checkOf(schema.unwrap()));
  if (schema instanceof z.ZodDefault) return checkOf(schema.unwrap());
  if (schema instanceof z.ZodPipe) return checkOf(schema.out);
  if (schema instanceof z.ZodUnion) return oneOf(schema.options.map(checkOf));
  return ofType(schema._zod.def.type);
}

function ofType(type: string): Check {
  switch (type) {
    case 'string':
    case 'enum':
    case 'literal':
      return (value) => typeof value === 'string';
    case 'number':
      return (value) => typeof value === 'number';
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'record':
      return isObject;
    default:
      return () => true;
  }
}

/** Goes by the keys that are there: most of those that a task may have are not. */
function fits(shape: Readonly<Record<string, z.core.$ZodType>>): Check {
  const fields = new Map(
    Object.entries(shape).map(([key, part]) => [key, { check: checkOf(part), optional: part instanceof z.ZodOptional }]),
  );
  const needed = [...fields.values()].filter(({ optional }) => !optional).length;
  return (value) => {
    if (!isObject(value)) return false;
    let missing = needed;
    for (const key in value) {
      const field = fields.get(key);
      if (field === undefined) continue;
      if (!field.check(value[key])) return false;
      if (!field.optional) missing -= 1;
    }
    return missing === 0;
  };
}

function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

function maybe(check: Check): Check {
  return (value) => value === undefined || check(value);
}

function oneOf(checks: readonly Check[]): Check {
  return (value) => checks.some((check) => check(value));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
