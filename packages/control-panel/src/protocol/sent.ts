import { z } from 'zod';

/** What a schema lets through, as it is sent and received: nobody changes anything in it. */
export type Sent<Schema extends z.ZodType> = Frozen<z.output<Schema>>;
export type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T;

/** What an answer says first that is not a refusal. */
export const success = z.literal(true);
/** Of a list: where its next page begins; null on the last one. */
export const next_cursor = z.string().nullable();
