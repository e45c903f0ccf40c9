type Intersection<T> = (T extends unknown ? (each: T) => void : never) extends (all: infer All) => void ? All : never;
/** What several parts are as one. */
export type Together<T> = { readonly [K in keyof Intersection<T>]: Intersection<T>[K] };

/** Several parts as one. @throws Error when two of them have the same name: each belongs to one subject */
export function together<T extends object>(parts: readonly T[]): Together<T> {
  const names = parts.flatMap((part) => Object.keys(part));
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`Two subjects of the society say what ${twice} is; rename one`);
  return Object.assign({}, ...parts);
}
