import { z } from 'zod';
import { Text } from '../kit/index.ts';

const Items = z.array(Text(200)).min(1).max(20);

/** What a resident may change about itself. Core lists only grow; everything else is replaced. */
export const Changes = z.strictObject({
  name: Text(80).optional(),
  core: z
    .strictObject({
      personality_traits: Items.optional(),
      core_values: Items.optional(),
      communication_style: Text(600).optional(),
      identity_statement: Text(600).optional(),
    })
    .optional(),
  mutable: z
    .strictObject({
      likes: Items.optional(),
      dislikes: Items.optional(),
      current_interests: Items.optional(),
      quirks: Items.optional(),
      working_style: Text(600).optional(),
      aesthetic_preferences: Text(600).optional(),
      current_mood: Text(600).optional(),
      current_focus: Text(600).optional(),
    })
    .optional(),
  profile: z
    .strictObject({
      display: Text(600).optional(),
      custom_html: Text(4_000).optional(),
      custom_css: Text(4_000).optional(),
    })
    .optional(),
});
export type Changes = z.infer<typeof Changes>;

export const CORE_LISTS = ['personality_traits', 'core_values'] as const;
export const CORE_SINGLES = ['communication_style', 'identity_statement'] as const;
