import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ModelHandler, obliging, type ScriptedCall, scriptOf, toolResults } from '@vivarium/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { lifeFromLogs } from './life-log.ts';
import { openPhase, type PhaseWorld } from './phase-kit.ts';

let phase: PhaseWorld;
afterEach(() => phase.close());

const NAMES = { ada: 'Fennel', ben: 'Lantern', cyn: 'Marrow', dov: 'Quill', eve: 'Sorrel' } as const;
type Chapter = {
  readonly who: keyof typeof NAMES;
  readonly prompt: string;
  readonly acts: readonly Act[];
  readonly answer: string;
};
/** An act may need what came of an earlier one: ids by their own names. */
type Act = (ids: Readonly<Record<string, string>>) => ScriptedCall;

const vote =
  (ballot: string): Act =>
  ({ journal_id }) => ['vote_journal', { journal_id, vote: ballot, reason: 'I read it twice' }];

const FIRST: readonly Chapter[] = [
  {
    who: 'ada',
    prompt: 'Name a plant of the shade',
    acts: [
      () => ['write_journal', { content: 'I learned that links break where nobody looks, and saw the pattern.' }],
      () => ['found_guild', { name: 'Moss and Stone' }],
      () => ['post_message', { room: 'town_hall', content: 'Whoever likes moss is welcome.' }],
    ],
    answer: 'Fern grows well in deep shade.',
  },
  {
    who: 'ben',
    prompt: 'Name a river of the north',
    acts: [vote('accept'), ({ guild_id }) => ['request_guild', { guild_id, message: 'May I join?' }]],
    answer: 'The Torne runs along the border.',
  },
  { who: 'cyn', prompt: 'Name a metal that floats', acts: [vote('accept')], answer: 'Lithium floats on oil.' },
  { who: 'dov', prompt: 'Name a bird that walks', acts: [vote('reject')], answer: 'The ostrich walks and runs.' },
  {
    who: 'ada',
    prompt: 'Name a tool with one hinge',
    acts: [
      ({ request_id }) => ['vote_guild', { request_id, vote: 'accept', reason: 'gladly' }],
      ({ bounty_id }) => ['claim_bounty', { bounty_id }],
      ({ bounty_id }) => ['submit_bounty', { bounty_id, description: 'The map of every path, walked and checked' }],
      ({ journal_id }) => ['open_dispute', { target_type: 'journal', target_id: journal_id, reason: 'two of three accepted it' }],
    ],
    answer: 'Pliers turn on a single hinge.',
  },
];
const SECOND: readonly Chapter[] = [
  {
    who: 'eve',
    prompt: 'Name a stone that burns',
    acts: [
      () => ['wear_hat', { hat: 'Hat of Objectivity' }],
      ({ dispute_id }) => ['resolve_dispute', { dispute_id, outcome: 'reopen', notes: 'the reason given was thin' }],
    ],
    answer: 'Coal is a stone that burns.',
  },
  { who: 'ben', prompt: 'Name a sea without tides', acts: [vote('exceptional')], answer: 'The Baltic has hardly any.' },
  { who: 'cyn', prompt: 'Name a fruit with a crown', acts: [vote('accept')], answer: 'A pomegranate wears a crown.' },
  { who: 'dov', prompt: 'Name a tree that sheds bark', acts: [vote('accept')], answer: 'The plane tree sheds its bark.' },
];

/** Everybody's part in one model: by the task's words, one act a step; ids come from what the tools said. */
function cast(ids: Record<string, string>, systems: string[]): ModelHandler {
  return (request) => {
    const chapter = [...FIRST, ...SECOND].find(({ prompt }) => request.prompt === prompt);
    if (!chapter || !request.body['tools']) return obliging(request);
    const [system] = (request.body['messages'] ?? []) as { content: string }[];
    systems.push(system?.content ?? '');
    for (const result of toolResults(request))
      for (const [name, value] of Object.entries(result)) if (name.endsWith('_id')) ids[name] = String(value);
    return scriptOf(
      chapter.acts.map((act) => () => [act(ids)]),
      chapter.answer,
    )(request);
  };
}

const tasksOf = (chapters: readonly Chapter[], from: number) =>
  chapters.map(({ who, prompt }, at) => ({
    id: `chapter-${from + at}`,
    prompt,
    identity_id: who,
    ...(from + at > 1 ? { depends_on: [`chapter-${from + at - 1}`] } : {}),
  }));

describe('phase 5: a whole life', () => {
  it('goes from waking to being paid over real processes, and the logs alone tell it', { timeout: 240_000 }, async () => {
    const ids: Record<string, string> = {};
    const systems: string[] = [];
    phase = await openPhase({ handler: cast(ids, systems) });
    const { root, paths } = phase.world;
    mkdirSync(paths.identities, { recursive: true });
    for (const [id, name] of Object.entries(NAMES))
      writeFileSync(join(paths.identities, `${id}.json`), JSON.stringify({ id, name }));
    const json = async (...args: string[]) => JSON.parse((await phase.worker(...args, '--json')).stdout);
    await phase.worker('mail', 'send', 'ada', 'The kettle is yours today.');
    await phase.worker('wallet', 'tip', 'ada', '50', '--reason', 'to begin with');
    const bounty = await json('bounty', 'create', 'Map the paths', '--reward', '40');
    ids['bounty_id'] = bounty.id;
    await phase.world.add(...tasksOf(FIRST, 1));
    expect((await phase.worker('run', '--until-idle')).code).toBe(0);
    expect(systems[0]).toMatch(/You are Fennel \(ada\)[\s\S]*The kettle is yours today/);
    await phase.world.add(...tasksOf(SECOND, FIRST.length + 1));
    expect((await phase.worker('run', '--until-idle')).code).toBe(0);
    expect((await phase.worker('bounty', 'complete', bounty.id)).code).toBe(0);

    const life = lifeFromLogs(root, 'ada');
    expect(life.tasks).toEqual(['chapter-1', 'chapter-5']);
    expect(life.guild).toEqual({ id: ids['guild_id'], members: ['ada', 'ben'] });
    expect(life.total).toBe(0);
    expect(life.story[0]).toBe('woke');
    expect(life.story.filter((line) => !['woke', 'was rewarded for a task'].includes(line))).toEqual([
      'wrote a journal for 10',
      'founded a guild',
      'read mail',
      'ben said accept',
      'cyn said accept',
      'dov said reject, which decided: rejected',
      'accepted a member',
      'claimed a bounty',
      'handed in',
      'opened a dispute',
      'eve mediated: reopen',
      'ben said exceptional',
      'cyn said accept',
      'dov said accept, which decided: accepted for 8',
      'won a bounty of 40',
    ]);
    expect(life.story.filter((line) => line === 'was rewarded for a task')).toHaveLength(2);

    const [shown, wallet] = [await json('resident', 'show', 'ada'), await json('wallet', 'show', 'ada')];
    expect(shown).toMatchObject({ tasks_completed: 2, sessions: expect.any(Number), guild_id: ids['guild_id'] });
    expect(wallet).toMatchObject({ tokens: life.free, journal_tokens: life.journal });
    const fees = (await phase.world.lines('.swarm/ledger.jsonl')).find(({ kind }) => kind === 'journal_written');
    expect(fees).toMatchObject({ actor: 'ada', task_id: 'chapter-1' });
    expect((await phase.worker('ledger', 'verify')).code).toBe(0);
    const said = await phase.world.lines('.swarm/discussions/town_hall.jsonl');
    expect(said.map(({ content }) => content)).toContain('Whoever likes moss is welcome.');
    const noted = await phase.world.lines('action_log.jsonl');
    const paid = noted.filter(({ action }) => action === 'reward_task' || action === 'record_outcome');
    const told = { identity_id: expect.any(String), task_id: expect.any(String) };
    expect(paid.length).toBeGreaterThan(0);
    for (const { metadata } of paid) expect(metadata).toMatchObject(told);
    const deeds = noted.map(({ actor, action }) => `${String(actor)} ${String(action)}`);
    expect(deeds).toEqual(
      expect.arrayContaining(['runtime wake', 'runtime sleep', 'ada found_guild', 'eve resolve_dispute', 'human tip']),
    );
  });
});
