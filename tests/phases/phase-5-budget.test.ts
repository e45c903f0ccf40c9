import { obliging } from '@vivarium/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { type InsideWorld, openInside } from './phase-kit.ts';

let inside: InsideWorld;
afterEach(() => inside.close());

describe('phase 5: rewards and budgets', () => {
  it('pays by what a task cost of its own budget, also of the one it never named, and nothing at or over it', async () => {
    // Approved on its schema, since nothing is left for a critic.
    const dear = { text: '{"n": 1}', usage: { prompt_tokens: 10, completion_tokens: 40_000 } };
    const output_schema = { type: 'object', required: ['n'] };
    inside = await openInside((request) => (request.prompt.includes('dear') ? dear : obliging(request)));
    await inside.run([
      { id: 'plain', prompt: 'Say hello' },
      { id: 'dear', prompt: 'Say hello, dear', max_budget: 0.01, min_budget: 0, output_schema },
    ]);
    const approved = (await inside.world.lines('execution_log.jsonl')).filter(({ event }) => event === 'task_approved');
    const of = (id: string) => approved.find(({ task_id }) => task_id === id);
    expect(of('plain')).toMatchObject({ phase5_reward_applied: true, phase5_reward_tokens_awarded: 10 });
    expect(of('dear')).toMatchObject({
      phase5_reward_applied: false,
      phase5_reward_tokens_awarded: 0,
      phase5_reward_reason: 'not_under_budget',
    });
  });
});
