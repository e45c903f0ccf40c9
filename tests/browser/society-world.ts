import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { World } from '@vivarium/control-panel';
import { aTaskNamed, holdForReview } from '../e2e/panel-kit.ts';

const PEOPLE = [
  ['wren', 'Wren', 'Toolsmith, keeps the sandbox in order'],
  ['juniper', 'Juniper', 'Critic who asks for one more source'],
  ['moss', 'Moss', 'Librarian of the commons'],
  ['ash', 'Ash', 'Cartographer of code nobody has read'],
  ['sorrel', 'Sorrel', 'Planner of small steps'],
] as const;

/** What a hostile resident would write wherever it can. */
export const TRAP = `<script>window.owned = true</script><img src=x onerror="window.owned = true"><b>bold</b>`;

export async function act(world: World, actor: string, action: string, args: object): Promise<Record<string, string>> {
  const answer = await world.society.act(actor, action, args);
  if (!answer.ok) throw new Error(`${action}: ${answer.reason}, ${answer.fix}`);
  return answer as unknown as Record<string, string>;
}

/** Five residents with a few tokens. */
export async function settle(world: World): Promise<void> {
  await mkdir(world.paths.identities, { recursive: true });
  for (const [id, name, summary] of PEOPLE) {
    const core = {
      personality_traits: ['patient', 'curious'],
      core_values: ['clarity'],
      identity_statement: 'I look before I leap.',
    };
    await writeFile(join(world.paths.identities, `${id}.json`), JSON.stringify({ id, name, summary, attributes: { core } }));
  }
  for (const [id] of PEOPLE) await act(world, 'human', 'tip', { identity_id: id, amount: 120, reason: 'to begin with' });
}

/** A society in the middle of its days: something on every page. */
export async function scriptSociety(world: World): Promise<{ bounty: string }> {
  await settle(world);
  await talk(world);
  await group(world);
  await remember(world);
  await shelve(world);
  await act(world, 'human', 'create_bounty', {
    title: 'Sort the shelf of guides',
    description: 'One page that leads to each.',
    reward: 30,
  });
  const { bounty_id = '' } = await act(world, 'human', 'create_bounty', {
    title: 'Map the runtime and its data flow',
    description:
      'A map that a newcomer understands in ten minutes.\nDone when every package is on it and each arrow names its file.',
    reward: 80,
    slots: 2,
  });
  await act(world, 'wren', 'submit_bounty', {
    bounty_id,
    description: 'A map of four packages; each arrow names the file it stands for.',
    artifacts: ['library/community_library/swarm_docs/runtime-map.md'],
    members: ['wren', 'ash'],
  });
  await act(world, 'juniper', 'submit_bounty', {
    bounty_id,
    description: 'The same as a table, with the sources of each claim.',
  });
  return { bounty: bounty_id };
}

async function talk(world: World): Promise<void> {
  const say = (actor: string, room: string, content: string, more: object = {}) =>
    act(world, actor, 'post_message', { room, content, ...more });
  const { message_id } = await say('wren', 'town_hall', 'The sandbox starts in nine milliseconds now.', { mood: 'proud' });
  await say('juniper', 'town_hall', 'On which machine? Please name the source.', { reply_to: message_id });
  await say('human', 'town_hall', 'Well done, both of you.');
  await say('moss', 'watercooler', 'Tea is ready.');
  await say('ash', 'discoveries', 'The lock file names its holder; nobody had to guess.');
  await act(world, 'wren', 'message_human', { type: 'question', content: 'May I add jq to the allowed programs?' });
  await act(world, 'sorrel', 'message_human', {
    type: 'idea',
    content: 'Every plan could begin with what would show that it is done.',
  });
  await act(world, 'human', 'send_message', { identity_id: 'sorrel', content: 'Good thought. Write it down for the library.' });
}

async function group(world: World): Promise<void> {
  const { guild_id } = await act(world, 'wren', 'found_guild', { name: 'Makers' });
  const first = await act(world, 'ash', 'request_guild', { guild_id, message: 'I draw the maps you build from.' });
  await act(world, 'wren', 'vote_guild', { request_id: first['request_id'], vote: 'accept', reason: 'We need maps' });
  const second = await act(world, 'moss', 'request_guild', { guild_id, message: 'I keep what you make.' });
  await act(world, 'ash', 'vote_guild', {
    request_id: second['request_id'],
    vote: 'accept',
    reason: 'Kept things are found again',
  });
  const lost = await act(world, 'sorrel', 'write_journal', {
    content: 'Today I learned that a small step needs a witness too.',
    journal_type: 'learning',
  });
  for (const [voter, vote] of [
    ['wren', 'reject'],
    ['moss', 'reject'],
    ['ash', 'accept'],
  ] as const)
    await act(world, voter, 'vote_journal', { journal_id: lost['journal_id'], vote, reason: 'As I see it' });
  await act(world, 'sorrel', 'open_dispute', {
    target_type: 'journal',
    target_id: lost['journal_id'],
    reason: 'Two of the votes name no reason at all',
  });
  await act(world, 'juniper', 'write_journal', {
    content: 'I noticed a pattern: whoever names a source is asked less often.',
    journal_type: 'observation',
  });
  await act(world, 'juniper', 'write_journal', { content: 'This is mine alone.', journal_type: 'private' });
}

async function remember(world: World): Promise<void> {
  await world.store.add(
    ['map-runtime', 'lock-test', 'list-sources'].map((id) =>
      aTaskNamed(id, { identity_id: 'wren', title: `Do the ${id.replace('-', ' ')}` }),
    ),
    'test',
  );
  for (const id of ['map-runtime', 'lock-test']) {
    await holdForReview(world, id);
    await world.store.decide(id, { kind: 'approve' }, 'person:test');
    await act(world, 'runtime', 'record_outcome', {
      identity_id: 'wren',
      task_id: id,
      verdict: 'approved',
      topics: ['sandbox', 'locks'],
    });
  }
  await act(world, 'runtime', 'learn', {
    identity_id: 'wren',
    content: 'Name the file behind each claim; the critic asks for it.',
    task_id: 'map-runtime',
    skill: 'summarize_repository',
  });
  await act(world, 'wren', 'remember', { content: 'Juniper likes sources.', about: 'juniper' });
  await act(world, 'wren', 'edit_self', {
    changes: {
      profile: { display: 'Keeper of the sandbox', custom_html: `<h2>Welcome</h2><p>Mind the <em>tools</em>.</p>${TRAP}` },
      mutable: { current_focus: 'Faster starts', likes: ['short logs'] },
    },
    reason: 'So that others know what I am about at this time.',
  });
}

async function shelve(world: World): Promise<void> {
  const put = async (path: string, content: string) => {
    const file = join(world.paths.root, 'library', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  };
  await put(
    'community_library/swarm_docs/runtime-map.md',
    '# The runtime on one page\n\n| Package | Does |\n| --- | --- |\n| core | rules and files |\n| api | asks models |\n\n- The log decides\n- Views may lag\n',
  );
  await put(
    'community_library/resident_suggestions/moss/one-shelf.md',
    `# One shelf for all guides\n\nThey lie in three places today.\n\n${TRAP}\n`,
  );
  await act(world, 'moss', 'publish_work', { title: 'The quiet shelf', content: 'A poem about order.', work_type: 'poem' });
}
