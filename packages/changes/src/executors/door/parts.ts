import type { ToolOffer } from '@vivarium/core';
import { z } from 'zod';
import type {} from './asked.ts';

const NOT_TEXT = 'only text is taken; leave pictures, sounds and files out';

/** Text, in one piece or several. Anything that is no text is refused, so that nobody thinks it was seen. */
export const Words = z
  .union([z.string(), z.null(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() })).max(10_000)])
  .optional()
  .transform((given, ctx) => {
    if (typeof given === 'string') return given;
    return (given ?? [])
      .map(({ type, text }, at) => {
        if (text === undefined) ctx.addIssue({ code: 'custom', path: [at, 'type'], message: `${type}: ${NOT_TEXT}` });
        return text ?? '';
      })
      .join('\n');
  });

const FunctionTool = z.looseObject({
  name: z.string().regex(/^[\w-]{1,64}$/),
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
});

/** The function among the offered tools that this is; other kinds of tool run at a provider, so they are dropped. */
export function functionOf(tool: unknown): ToolOffer[] {
  const read = FunctionTool.safeParse(tool);
  if (!read.success) return [];
  const { name, description, parameters } = read.data;
  return [{ name, description: description ?? '', parameters: parameters ?? { type: 'object', properties: {} } }];
}

export const Tools = z
  .array(z.looseObject({ type: z.string() }))
  .max(512)
  .nullish();
export const Limit = z.int().min(1).nullish();
export const Temperature = z.number().min(0).max(2).nullish();

/** `event:` where it has a name, `data:`, and the empty line that ends it. */
export const event = (data: unknown, name?: string): string =>
  `${name === undefined ? '' : `event: ${name}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
