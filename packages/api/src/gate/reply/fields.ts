/** JSON of others as it came: what it is has to be looked at. */
export type Fields = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
/** Empty text says nothing, so it is none. */
export const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
