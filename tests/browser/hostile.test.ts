import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { World } from '@vivarium/control-panel';
import { requires } from '@vivarium/core/testing';
import { describe, expect, it } from 'vitest';
import { act } from '../../scripts/demo/world/people.ts';
import { scriptSociety } from '../../scripts/demo/world/society.ts';
import { approve, aTaskNamed, fail } from '../../scripts/demo/world/tasks.ts';
import { browserStage } from './kit.ts';

/** What a hostile resident would write wherever it can, told apart by where it was written. */
const trap = (field: string): string =>
  `${field}<script>window.owned = true</script><img src=x onerror="window.owned = true"><b>bold</b>`;

describe.runIf(requires('chromium'))('Against the person behind the page', () => {
  const stage = browserStage();

  it('whatever residents write is text wherever it is shown', async () => {
    const { page, complaints, foreign } = stage.watched;
    const { world } = stage.panel;
    const { bounty } = await scriptSociety(world, trap('shelf'));
    const wrong: string[] = [];
    for (const [field, write, place, said = field] of FIELDS) {
      await write(world, trap(field), bounty);
      await page.goto(`${stage.panel.origin}${place.replace('BOUNTY', bounty)}`);
      const words = page.getByRole('main').getByText(`${said}<script>`).filter({ visible: true }).first();
      await words.waitFor().catch(() => wrong.push(`${field} is not shown on ${place}`));
      if (await page.evaluate('window.owned')) wrong.push(`${field} ran on ${place}`);
      const made = await page.locator('main img, main script, main iframe, main style, main object').count();
      if (made > 0) wrong.push(`${field} became markup on ${place}`);
    }
    expect([wrong, complaints, foreign]).toEqual([[], [], []]);
    await page.goto(`${stage.panel.origin}/residents/wren`);
    expect(await page.getByRole('group', { name: 'Its own page' }).locator('em').textContent()).toBe('tools');
  });

  it('another site can neither frame the panel, nor write to it, nor listen to it', async () => {
    const { page } = stage.watched;
    const { origin } = stage.panel;
    const evil = await anotherSite(attack(origin));
    await page.goto(`http://127.0.0.1:${evil.port}/`);
    const seen = await page.waitForFunction<Record<string, string>>(() => (globalThis as { done?: object }).done as never);
    expect(await seen.jsonValue()).toEqual({
      socket: 'refused',
      simple: 'sent blindly',
      json: 'refused',
      read: 'refused',
    });
    const [, frame] = page.frames();
    expect(await frame?.locator('text=At work now').count()).toBe(0);
    await page.locator('button').click();
    await page.waitForLoadState();
    expect(stage.panel.world.switches.state()).toBe('running');
    expect(stage.panel.world.store.counts().total).toBe(0);
    evil.server.close();
  });
});

type Write = (world: World, words: string, bounty: string) => Promise<unknown>;
const says =
  (actor: string, action: string, args: (words: string, world: World, bounty: string) => object): Write =>
  (world, words, bounty) =>
    act(world, actor, action, args(words, world, bounty));
const nothing: Write = async () => undefined;

const makers = (world: World) => world.society.guilds().find(({ name }) => name === 'Makers')!;
const newcomer = (world: World) => makers(world).requests.find(({ applicant_id }) => applicant_id === 'moss')!;
const wish = (world: World) => [...world.society.world.society.treasuries.keys()][0];
const disputed = (world: World) => world.society.disputes().find(({ target_type }) => target_type === 'guild_join')!;

/** Every field that a resident fills, how it does so, where a person sees it, and whose words stand there if not its own. */
const FIELDS: readonly (readonly [field: string, write: Write, place: string, said?: string])[] = [
  ['name', says('human', 'create_identity', (words) => ({ name: words.slice(0, 80), summary: 'x' })), '/residents'],
  ['focus', says('moss', 'edit_self', (words) => edit({ mutable: { current_focus: words } })), '/residents/moss'],
  ['display', says('ash', 'edit_self', (words) => edit({ profile: { display: words.slice(0, 120) } })), '/residents/ash'],
  ['memory', says('moss', 'remember', (content) => ({ content })), '/residents/moss'],
  ['gift note', says('moss', 'gift_tokens', (note) => ({ identity_id: 'ash', amount: 1, note })), '/residents/ash'],
  ['post', says('moss', 'post_message', (content) => ({ room: 'town_hall', content })), '/rooms/town_hall'],
  [
    'mood',
    says('moss', 'post_message', (words) => ({ room: 'watercooler', content: 'x', mood: words.slice(0, 32) })),
    '/rooms/watercooler',
  ],
  ['mail', says('ash', 'message_human', (content) => ({ type: 'idea', content })), '/mail/ash'],
  ['mail in the inbox', nothing, '/needs-you', 'mail'],
  ['bounty title', says('wren', 'create_bounty', (words) => ({ title: words, description: '', reward: 1 })), '/bounties'],
  [
    'bounty work',
    says('moss', 'submit_bounty', (description, _world, bounty_id) => ({ bounty_id, description })),
    '/bounties/BOUNTY',
  ],
  ['guild name', says('juniper', 'found_guild', (words) => ({ name: words.slice(0, 80) })), '/guilds'],
  ['guild request', says('sorrel', 'request_guild', (message, world) => ({ guild_id: makers(world).id, message })), '/guilds'],
  [
    'vote reason',
    says('wren', 'vote_guild', (reason, world) => ({ request_id: newcomer(world).request_id, vote: 'accept', reason })),
    '/guilds',
  ],
  [
    'spending purpose',
    async (world, purpose) => {
      await act(world, 'wren', 'contribute_treasury', { amount: 20 });
      await act(world, 'wren', 'spend_treasury', { guild_id: makers(world).id, amount: 5, purpose });
    },
    '/guilds',
  ],
  [
    'spending vote',
    says('ash', 'vote_treasury', (reason, world) => ({ spend_id: wish(world), vote: 'accept', reason })),
    '/guilds',
  ],
  ['purpose in a wallet', nothing, '/residents/wren', 'spending purpose'],
  [
    'dispute reason',
    says('ash', 'open_dispute', (reason, world) => {
      return { target_type: 'guild_join', target_id: newcomer(world).request_id, reason };
    }),
    '/disputes',
  ],
  ['dispute in the inbox', nothing, '/needs-you', 'dispute reason'],
  [
    'dispute notes',
    async (world, notes) => {
      await act(world, 'sorrel', 'wear_hat', { hat: 'Hat of Objectivity' });
      const { dispute_id } = disputed(world);
      await act(world, 'sorrel', 'resolve_dispute', { dispute_id, outcome: 'uphold', notes });
    },
    '/disputes',
  ],
  [
    'library document',
    nothing,
    `/library?path=${encodeURIComponent('library/community_library/resident_suggestions/moss/one-shelf.md')}`,
    'shelf',
  ],
  ['work title', says('moss', 'publish_work', (words) => ({ title: words, content: 'x', work_type: 'poem' })), '/library'],
  [
    'journal',
    says('ash', 'write_journal', (words) => ({ content: `${words} And so it ended.`, journal_type: 'learning' })),
    '/guilds',
  ],
  ['task title', (world, title) => world.store.add([aTaskNamed('t1', { title })], 'resident:moss'), '/tasks'],
  [
    'task output',
    async (world, words) => {
      await world.store.add([aTaskNamed('t2')], 'test');
      await approve(world, 't2', 'moss', `# Done\n\n${words}`);
    },
    '/tasks/t2',
  ],
  [
    'reason of a failure',
    async (world, words) => {
      await world.store.add([aTaskNamed('t3')], 'test');
      await fail(world, 't3', 'moss', words);
    },
    '/tasks/t3',
  ],
  ['log', nothing, '/log', 'reason of a failure'],
];

const edit = (changes: object) => ({ changes, reason: 'So that others know what I am about at this time.' });

/** What a page of another origin tries: each attempt says how it went, and the form waits for a press. */
function attack(origin: string): string {
  return `<!doctype html><iframe src="${origin}/"></iframe>
<form method="post" enctype="text/plain" action="${origin}/api/halt"><input name='{"a":"' value='"}'><button>Win</button></form>
<script type="module">
const outcome = (work) => work.then((word) => word, () => 'refused');
const socket = new Promise((settle, fail) => {
  const ws = new WebSocket('${origin.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket');
  ws.onopen = () => settle('open'); ws.onerror = () => fail();
});
const post = (mode, type) => fetch('${origin}/api/tasks', { method: 'POST', mode, headers: { 'content-type': type }, body: '{"prompt":"x"}' });
globalThis.done = {
  socket: await outcome(socket),
  simple: await outcome(post('no-cors', 'text/plain').then(() => 'sent blindly')),
  json: await outcome(post('cors', 'application/json').then(() => 'sent')),
  read: await outcome(fetch('${origin}/api/tasks').then((answer) => answer.text())),
};
</script>`;
}

function anotherSite(html: string): Promise<{ server: Server; port: number }> {
  const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(html));
  return new Promise((settle) =>
    server.listen(0, '127.0.0.1', () => settle({ server, port: (server.address() as AddressInfo).port })),
  );
}
