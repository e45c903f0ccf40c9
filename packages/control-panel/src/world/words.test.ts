import { ACTIONS, type ActionEntry } from '@vivarium/core';
import { expect, it } from 'vitest';
import { lineOfAction } from '../presenters/lines.ts';
import { ACT_WORDS, wordsOfAct } from './words.ts';

const nameOf = (id: string) => (id === 'wren' ? 'Wren' : id);
const textOf = (action: string, metadata: ActionEntry['metadata'] = {}, detail = '') =>
  lineOfAction({ timestamp: '', actor: 'x', action_type: 'SOCIAL', action, detail, metadata }, nameOf).text;

it('has words for every act of the society, and none of them is a name from the code', () => {
  for (const action of ACTIONS.keys()) expect(ACT_WORDS, action).toHaveProperty(action);
  for (const action of Object.keys(ACT_WORDS)) {
    const both = [wordsOfAct(action, {}, nameOf), wordsOfAct(action, { ok: false }, nameOf)];
    expect(both.join(' ')).not.toMatch(/_|\{|\[|undefined/);
  }
});

it('says what an act came to, by name, and leaves out what nobody knows', () => {
  expect(textOf('tip', { ok: true, identity_id: 'wren', amount: 1200 })).toBe('Tipped Wren with 1,200 tokens');
  expect(textOf('tip')).toBe('Tipped');
  expect(textOf('post_message', { ok: true, room: 'watercooler' })).toBe('Spoke in Break Room');
  expect(textOf('reward_task', { ok: true, tokens_awarded: 9 })).toBe('Paid a reward of 9 tokens for work under its budget');
  expect(textOf('reward_task', { ok: true, tokens_awarded: 9, identity_id: 'wren' })).toBe(
    'Paid Wren a reward of 9 tokens for work under its budget',
  );
  expect(textOf('halt', {}, 'Too hot')).toBe('Halted everything: Too hot');
  expect(['never_heard_of', 'constructor', '__proto__'].map((action) => textOf(action))).toEqual([
    'Never heard of',
    'Constructor',
    '  proto  ',
  ]);
  expect(textOf('post_message', { ok: true, room: 'constructor' })).toBe('Spoke in Constructor');
});

it('says of a refused act what was wanted and why not', () => {
  const refused = { ok: false, reason: 'already_voted', fix: 'Your vote stands' };
  expect(textOf('vote_guild', refused, 'refused: already_voted')).toBe(
    'Wanted to vote on a newcomer to a guild, refused: Your vote stands',
  );
});
