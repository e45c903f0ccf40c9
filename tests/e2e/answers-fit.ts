import { isDeepStrictEqual } from 'node:util';
import type { Panel } from '@vivarium/control-panel';

interface Asked {
  readonly method: string;
  readonly path: string;
}
interface Answered {
  readonly status: number;
  readonly json: unknown;
}
type Route = Panel['routes'][number];

/** Why an answer is not what its route says of it, to the last field; undefined when it is, was refused, or no route gave it. */
export function misfitOf(routes: readonly Route[], { method, path }: Asked, { status, json }: Answered): string | undefined {
  if (status >= 300) return undefined;
  const route = routes.find((one) => one.method.toUpperCase() === method && matches(one.path, path));
  if (route === undefined) return undefined;
  const place = `${method} ${route.path}`;
  if (status !== route.status) return `${place} answered ${status}, and says ${route.status}`;
  const read = route.answer.safeParse(json);
  if (!read.success) return `The answer of ${place} does not fit its schema: ${read.error.message}`;
  const known = JSON.parse(JSON.stringify(read.data));
  if (isDeepStrictEqual(known, json)) return undefined;
  return `The answer of ${place} has what its schema does not know of: ${difference(known, json, '')}`;
}

/** Named places before those of any name, as they stand in the table. */
function matches(pattern: string, path: string): boolean {
  const [given = ''] = path.split('?');
  return new RegExp(`^${pattern.replaceAll(/:\w+/g, '[^/]+')}$`).test(given);
}

function difference(known: unknown, given: unknown, place: string): string {
  if (!isObject(known) || !isObject(given)) return `${place}: ${JSON.stringify(given)} becomes ${JSON.stringify(known)}`;
  const keys = [...new Set([...Object.keys(known), ...Object.keys(given)])];
  const key = keys.find((one) => !isDeepStrictEqual(known[one], given[one])) ?? '';
  return difference(known[key], given[key], `${place}.${key}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
