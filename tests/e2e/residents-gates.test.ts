import { openGates } from '@vivarium/core';
import { callsTools, type ScriptedCall, scriptOf, toolResults } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, describe, expect, it } from 'vitest';
import { aWorld } from './residents-kit.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const submitted = { event: 'change_submitted', actor: 'runtime', attempt: 1, description: '', author_id: 'ben' } as const;

async function worldWithBallot() {
  const world = await aWorld(({ index }) =>
    index === 0 ? callsTools(['vote_gate', { ballot_id: 'vote_1', vote: 'rejected', reason: 'no test' }]) : 'Done.',
  );
  const gates = await openGates({ backend: fileBackend(world.paths) });
  closing.push(
    () => world.close(),
    () => gates.close(),
  );
  await gates.record({
    ...submitted,
    change_id: 'code',
    title: 'Write the parser',
    excerpt: 'function parse',
    ballot_id: 'vote_1',
  });
  return { world, gates };
}

const toolsOf = (body: Record<string, unknown>) =>
  ((body['tools'] ?? []) as { function: { name: string } }[]).map((one) => one.function.name);

describe('a resident and the quality gates', () => {
  it('is shown an open ballot without its author, votes through a tool, and is offered the tool only then', async () => {
    const { world, gates } = await worldWithBallot();
    await world.work('Write a haiku');
    const [first] = world.model.requests;
    expect(toolsOf(first?.body ?? {})).toContain('vote_gate');
    const [system] = (first?.body['messages'] ?? []) as { content: string }[];
    expect(system?.content).toContain('vote_1: change "Write the parser": function parse');
    expect(system?.content).not.toMatch(/parser.*(?:ben|Lantern)/);
    gates.refresh();
    expect(gates.state.ballots.get('vote_1')?.votes).toMatchObject([{ voter_id: 'ada', vote: 'rejected', reason: 'no test' }]);
    await world.society.refresh();
    const panel = world.society.world.society.panels.bySubject.get('vote_1');
    expect([panel?.jurors.includes('ben'), panel?.votes.get('ada')]).toEqual([false, 'reject']);
    await world.work('Write another haiku');
    expect(toolsOf(world.model.requests.at(-1)?.body ?? {})).not.toContain('vote_gate');
  });

  it('has no vote on its own work, and is told so', async () => {
    const { world, gates } = await worldWithBallot();
    const vote: ScriptedCall = ['vote_gate', { ballot_id: 'vote_1', vote: 'rejected', reason: 'no test' }];
    world.model.handle(scriptOf([[['more_tools', { topic: 'gates' }], vote], [vote]]));
    await world.work('Write a haiku', { identity_id: 'ben' });
    expect(toolsOf(world.model.requests[0]?.body ?? {})).not.toContain('vote_gate');
    expect(toolResults(world.model.requests.at(-1) as never).slice(1)).toMatchObject([
      { reason: 'not_offered', fix: expect.stringContaining('more_tools("gates")') },
      { reason: 'not_drawn' },
    ]);
    gates.refresh();
    expect(gates.state.ballots.get('vote_1')?.votes).toEqual([]);
  });
});
