type Intersection<T> = (T extends unknown ? (each: T) => void : never) extends (all: infer All) => void ? All : never;
/** What several parts are as one. */
export type Together<T> = { readonly [K in keyof Intersection<T>]: Intersection<T>[K] };

/** Several parts as one, each with whose it is. @throws Error when two say the same name: it belongs to one of them */
export function together<T extends object>(parts: readonly (readonly [owner: string, part: T])[]): Together<T> {
  const owners = new Map<string, string>();
  for (const [owner, part] of parts)
    for (const name of Object.keys(part)) {
      const other = owners.get(name);
      if (other !== undefined) throw new Error(`The subjects ${other} and ${owner} both say what ${name} is; rename one`);
      owners.set(name, owner);
    }
  return Object.assign({}, ...parts.map(([, part]) => part));
}
