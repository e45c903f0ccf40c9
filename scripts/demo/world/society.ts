import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { act, type Stage, settle, voteOnJournal } from './people.ts';
import { aTaskNamed, holdForReview } from './tasks.ts';

/** A society in the middle of its days: something on every page. `hostile` stands at the end of what residents write freely. */
export async function scriptSociety(stage: Stage, hostile = ''): Promise<{ bounty: string }> {
  await settle(stage);
  await talk(stage);
  await group(stage);
  await remember(stage, hostile);
  await shelve(stage, hostile);
  await act(stage, 'human', 'create_bounty', {
    title: 'Sort the shelf of guides',
    description: 'One page that leads to each.',
    reward: 30,
  });
  const { bounty_id = '' } = await act(stage, 'human', 'create_bounty', {
    title: 'Map the runtime and its data flow',
    description:
      'A map that a newcomer understands in ten minutes.\nDone when every package is on it and each arrow names its file.',
    reward: 80,
    slots: 2,
  });
  await act(stage, 'wren', 'submit_bounty', {
    bounty_id,
    description: 'A map of four packages; each arrow names the file it stands for.',
    artifacts: ['library/community_library/swarm_docs/runtime-map.md'],
    members: ['wren', 'ash'],
  });
  await act(stage, 'juniper', 'submit_bounty', {
    bounty_id,
    description: 'The same as a table, with the sources of each claim.',
  });
  return { bounty: bounty_id };
}

async function talk(stage: Stage): Promise<void> {
  const say = (actor: string, room: string, content: string, more: object = {}) =>
    act(stage, actor, 'post_message', { room, content, ...more });
  const { message_id } = await say('wren', 'town_hall', 'The sandbox starts in nine milliseconds now.', { mood: 'proud' });
  await say('juniper', 'town_hall', 'On which machine? Please name the source.', { reply_to: message_id });
  await say('human', 'town_hall', 'Well done, both of you.');
  await say('moss', 'watercooler', 'Tea is ready.');
  await say('ash', 'discoveries', 'The lock file names its holder; nobody had to guess.');
  await act(stage, 'wren', 'message_human', { type: 'question', content: 'May I add jq to the allowed programs?' });
  await act(stage, 'sorrel', 'message_human', {
    type: 'idea',
    content: 'Every plan could begin with what would show that it is done.',
  });
  await act(stage, 'human', 'send_message', { identity_id: 'sorrel', content: 'Good thought. Write it down for the library.' });
}

async function group(stage: Stage): Promise<void> {
  const { guild_id } = await act(stage, 'wren', 'found_guild', { name: 'Makers' });
  const first = await act(stage, 'ash', 'request_guild', { guild_id, message: 'I draw the maps you build from.' });
  await act(stage, 'wren', 'vote_guild', { request_id: first['request_id'], vote: 'accept', reason: 'We need maps' });
  const second = await act(stage, 'moss', 'request_guild', { guild_id, message: 'I keep what you make.' });
  await act(stage, 'ash', 'vote_guild', {
    request_id: second['request_id'],
    vote: 'accept',
    reason: 'Kept things are found again',
  });
  const lost = await act(stage, 'sorrel', 'write_journal', {
    content: 'Today I learned that a small step needs a witness too.',
    journal_type: 'learning',
  });
  await voteOnJournal(stage, lost['journal_id'] ?? '', [
    ['reject', 'As I see it'],
    ['reject', 'As I see it'],
    ['accept', 'It names what it rests on'],
  ]);
  await act(stage, 'sorrel', 'open_dispute', {
    target_type: 'journal',
    target_id: lost['journal_id'],
    reason: 'Two of the votes name no reason at all',
  });
  await act(stage, 'juniper', 'write_journal', {
    content: 'I noticed a pattern: whoever names a source is asked less often.',
    journal_type: 'observation',
  });
  await act(stage, 'juniper', 'write_journal', { content: 'This is mine alone.', journal_type: 'private' });
}

async function remember(stage: Stage, hostile: string): Promise<void> {
  await stage.store.add(
    ['chart-runtime', 'lock-test', 'list-sources'].map((id) =>
      aTaskNamed(id, { identity_id: 'wren', title: `Do the ${id.replace('-', ' ')}` }),
    ),
    'person:cli',
  );
  for (const id of ['chart-runtime', 'lock-test']) {
    await holdForReview(stage, id);
    await stage.store.decide(id, { kind: 'approve' }, 'person:cli');
    await act(stage, 'runtime', 'record_outcome', {
      identity_id: 'wren',
      task_id: id,
      verdict: 'approved',
      topics: ['sandbox', 'locks'],
    });
  }
  await act(stage, 'runtime', 'learn', {
    identity_id: 'wren',
    content: 'Name the file behind each claim; the critic asks for it.',
    task_id: 'chart-runtime',
    skill: 'summarize_repository',
  });
  await act(stage, 'wren', 'remember', { content: 'Juniper likes sources.', about: 'juniper' });
  await act(stage, 'wren', 'edit_self', {
    changes: {
      profile: { display: 'Keeper of the sandbox', custom_html: `<h2>Welcome</h2><p>Mind the <em>tools</em>.</p>${hostile}` },
      mutable: { current_focus: 'Faster starts', likes: ['short logs'] },
    },
    reason: 'So that others know what I am about at this time.',
  });
}

async function shelve(stage: Stage, hostile: string): Promise<void> {
  const put = async (path: string, content: string) => {
    const file = join(stage.paths.root, 'library', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  };
  await put(
    'community_library/swarm_docs/runtime-map.md',
    '# The runtime on one page\n\n| Package | Does |\n| --- | --- |\n| core | rules and files |\n| api | asks models |\n\n- The log decides\n- Views may lag\n',
  );
  await put(
    'community_library/resident_suggestions/moss/one-shelf.md',
    `# One shelf for all guides\n\nThey lie in three places today.\n\n${hostile}\n`,
  );
  await act(stage, 'moss', 'publish_work', { title: 'The quiet shelf', content: 'A poem about order.', work_type: 'poem' });
}
