import { ACTIONS } from '@vivarium/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TOOLS } from './tools.ts';

interface Json {
  readonly properties?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
const fieldsOf = (schema: z.ZodType) =>
  (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json).properties ?? {};
const tools = [...TOOLS.values()].filter(({ name }) => ACTIONS.has(name));

describe('an act takes the same from a resident as from everybody', () => {
  it('knows the acts among the tools', () => expect(tools.length).toBeGreaterThanOrEqual(40));

  it.each(tools)('$name has no field of its own and no limit of its own', ({ name, schema }) => {
    const own = fieldsOf(ACTIONS.get(name)!.schema);
    for (const [field, offered] of Object.entries(fieldsOf(schema))) {
      const { default: _, ...taken } = own[field] ?? {};
      const { default: __, ...told } = offered;
      // A resident may be offered fewer choices.
      if (Array.isArray(told['enum'])) expect(taken['enum']).toEqual(expect.arrayContaining(told['enum']));
      else expect(told, field).toEqual(taken);
    }
  });

  it.each<[string, Record<string, unknown>]>([
    ['post_message', { room: 'town_hall', content: 'x'.repeat(1_201) }],
    ['direct_message', { identity_id: 'no id', content: 'hello' }],
    ['message_human', { type: 'idea', content: ' ' }],
    ['write_journal', { content: 'x'.repeat(20_001) }],
    ['vote_journal', { journal_id: 'j', vote: 'accept', reason: 'ok' }],
    ['gift_tokens', { identity_id: 'ben', amount: 0 }],
    ['request_guild', { guild_id: 'g', message: 'x'.repeat(1_001) }],
    ['spend_treasury', { guild_id: 'g', amount: 1.5, purpose: 'tea' }],
    ['submit_bounty', { bounty_id: 'b', description: 'x'.repeat(4_001) }],
    ['resolve_dispute', { dispute_id: 'd', outcome: 'uphold', notes: '' }],
    ['remember', { content: 'x'.repeat(601) }],
    ['decline_task', { reason: 'no' }],
    ['edit_self', { changes: { core: { likes: ['tea'] } }, reason: 'because I have come to like it' }],
  ])('refuses at the tool what %s refuses, in the same words', (name, args) => {
    const faults = (schema: z.ZodType) =>
      schema.safeParse(args).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    expect(faults(TOOLS.get(name)!.schema)).toEqual(faults(ACTIONS.get(name)!.schema));
    expect(faults(TOOLS.get(name)!.schema)).toHaveLength(1);
  });
});
