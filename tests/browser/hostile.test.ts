import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { World } from '@vivarium/control-panel';
import { requires } from '@vivarium/core/testing';
import { describe, expect, it } from 'vitest';
import { act } from '../../scripts/demo/world/people.ts';
import { scriptSociety } from '../../scripts/demo/world/society.ts';
import { approve, aTaskNamed, fail } from '../../scripts/demo/world/tasks.ts';
import { browserStage } from './kit.ts';

/** What a hostile resident would write wherever it can. */
const TRAP = `<script>window.owned = true</script><img src=x onerror="window.owned = true"><b>bold</b>`;

describe.runIf(requires('chromium'))('Against the person behind the page', () => {
  const stage = browserStage();

  it('whatever residents write is text wherever it is shown', async () => {
    const { page, complaints, foreign } = stage.watched;
    const { world } = stage.panel;
    const { bounty } = await scriptSociety(world, TRAP);
    const wrong: string[] = [];
    for (const [field, write, place] of FIELDS) {
      await write(world, bounty);
      await page.goto(`${stage.panel.origin}${place.replace('BOUNTY', bounty)}`);
      const shown = page.getByRole('main').getByText('window.owned').filter({ visible: true }).first();
      await shown.waitFor().catch(() => wrong.push(`${field} is not shown on ${place}`));
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

type Write = (world: World, bounty: string) => Promise<unknown>;
const says =
  (actor: string, action: string, args: (bounty: string) => object): Write =>
  (world, bounty) =>
    act(world, actor, action, args(bounty));

/** Every field that a resident fills, how it does so, and where a person sees it. */
const FIELDS: readonly (readonly [field: string, write: Write, place: string])[] = [
  ['name', says('human', 'create_identity', () => ({ name: TRAP.slice(0, 80), summary: 'x' })), '/residents'],
  ['self description', says('moss', 'edit_self', () => edit({ mutable: { current_focus: TRAP } })), '/residents/moss'],
  ['display line', says('ash', 'edit_self', () => edit({ profile: { display: TRAP.slice(0, 120) } })), '/residents/ash'],
  ['memory', says('moss', 'remember', () => ({ content: TRAP })), '/residents/moss'],
  ['post', says('moss', 'post_message', () => ({ room: 'town_hall', content: TRAP })), '/rooms/town_hall'],
  [
    'mood',
    says('moss', 'post_message', () => ({ room: 'watercooler', content: 'x', mood: TRAP.slice(0, 32) })),
    '/rooms/watercooler',
  ],
  ['mail', says('ash', 'message_human', () => ({ type: 'idea', content: TRAP })), '/mail/ash'],
  ['mail in the inbox', async () => undefined, '/needs-you'],
  ['bounty work', says('moss', 'submit_bounty', (bounty_id) => ({ bounty_id, description: TRAP })), '/bounties/BOUNTY'],
  [
    'library document',
    async () => undefined,
    `/library?path=${encodeURIComponent('library/community_library/resident_suggestions/moss/one-shelf.md')}`,
  ],
  [
    'journal',
    says('ash', 'write_journal', () => ({ content: `It began so. ${TRAP} And so it ended.`, journal_type: 'learning' })),
    '/guilds',
  ],
  ['task title', (world) => world.store.add([aTaskNamed('t1', { title: TRAP })], 'resident:moss'), '/tasks'],
  [
    'task output',
    async (world) => {
      await world.store.add([aTaskNamed('t2')], 'test');
      await approve(world, 't2', 'moss', `# Done\n\n${TRAP}`);
    },
    '/tasks/t2',
  ],
  [
    'reason of a failure',
    async (world) => {
      await world.store.add([aTaskNamed('t3')], 'test');
      await fail(world, 't3', 'moss', TRAP);
    },
    '/tasks/t3',
  ],
  ['log', async () => undefined, '/log'],
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
