import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { requires } from '@vivarium/core/testing';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { act, settle } from '../../scripts/demo/world/people.ts';
import { scriptSociety } from '../../scripts/demo/world/society.ts';
import { type TestPanel, testPanel } from '../e2e/panel-kit.ts';
import { axeFindings } from './axe.ts';
import { builtPage, openBrowser, pictureFolder, type Watched, watchedPage } from './browser-kit.ts';
import { fakeApi } from './fake-api.ts';

/** What a hostile resident would write wherever it can. */
const TRAP = `<script>window.owned = true</script><img src=x onerror="window.owned = true"><b>bold</b>`;

describe.runIf(requires('chromium'))('The society in a browser', () => {
  let browser: Browser;
  let dist: string;
  let panel: TestPanel;
  let watched: Watched;
  let api: Awaited<ReturnType<typeof fakeApi>>;

  beforeAll(async () => {
    [browser, api, dist] = await Promise.all([openBrowser(), fakeApi(), builtPage()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    api?.close();
    await rm(dist, { recursive: true, force: true });
  });
  beforeEach(async () => {
    panel = await testPanel({ apiPort: api.port, dist });
    watched = await watchedPage(browser, panel.origin);
  });
  afterEach(async () => {
    await watched.context.close();
    await panel.remove();
  });

  it('takes a bounty from its offer to its payout, and shows who gets what before it is paid', async () => {
    const { page, complaints, foreign } = watched;
    await settle(panel.world);
    await page.goto(`${panel.origin}/bounties`);
    await page.getByText('Nothing is offered at this moment').waitFor();
    await page.getByRole('button', { name: 'Offer bounty' }).click();
    const offer = page.getByRole('dialog', { name: 'Offer bounty' });
    await offer.getByLabel('Title').fill('Map the runtime');
    await offer.getByLabel('Reward').fill('-5');
    await offer.getByRole('button', { name: 'Offer bounty' }).click();
    await offer.getByText(/positive whole number of tokens/).waitFor();
    await offer.getByLabel('Reward').fill('60');
    await offer.getByRole('button', { name: 'Offer bounty' }).click();
    await page.getByRole('heading', { name: 'Map the runtime' }).waitFor();
    const [bounty] = panel.world.society.bounties();
    expect(bounty).toMatchObject({ reward: 60, status: 'open', created_by: 'human' });
    await act(panel.world, 'wren', 'submit_bounty', {
      bounty_id: bounty!.id,
      description: 'A map with every package',
      members: ['wren', 'ash'],
    });
    const handedIn = page.getByRole('region', { name: 'Handed in' });
    await handedIn.getByText('A map with every package').waitFor();
    await handedIn.getByRole('button', { name: 'Judge the work of Wren' }).click();
    const judge = page.getByRole('dialog', { name: 'Judge the work of Wren' });
    await judge.getByLabel('Evidence').fill('Every arrow names its file');
    await judge.getByRole('button', { name: 'Accept' }).click();
    await handedIn.getByText('Every arrow names its file').waitFor();
    await page.getByRole('button', { name: 'Complete' }).click();
    const complete = page.getByRole('dialog', { name: /^Complete/ });
    await complete.getByLabel("Winner's reward").fill('51');
    const preview = complete.getByRole('region', { name: 'Who gets what' });
    await preview.getByText('Pays 51').waitFor();
    expect(await preview.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(/Wren[\s\S]*26/),
      expect.stringMatching(/Ash[\s\S]*25/),
    ]);
    await complete.getByRole('button', { name: 'Complete bounty' }).click();
    await page.getByRole('region', { name: 'Paid out' }).getByText('Ash').waitFor();
    await page.getByRole('main').getByText('Paid', { exact: true }).waitFor();
    await complete.waitFor({ state: 'hidden' });
    expect(await page.getByRole('button', { name: 'Complete' }).count()).toBe(0);
    expect(panel.world.society.bounties()).toMatchObject([
      {
        status: 'completed',
        distributed: [
          { identity: 'wren', amount: 26 },
          { identity: 'ash', amount: 25 },
        ],
      },
    ]);
    await page.getByRole('region', { name: 'Paid out' }).getByRole('link', { name: 'Wren' }).click();
    await page
      .getByRole('region', { name: 'Wallet' })
      .getByText(/bounty .* completed/)
      .first()
      .waitFor();
    const unexpected = complaints.filter((text) => !text.includes('status of 400'));
    expect([unexpected, foreign]).toEqual([[], []]);
  });

  it("shows a resident's mail as it comes and takes the reply to it", async () => {
    const { page, complaints } = watched;
    await settle(panel.world);
    await page.goto(`${panel.origin}/mail`);
    await page.getByText('Nobody has written yet').waitFor();
    await act(panel.world, 'juniper', 'message_human', { type: 'question', content: 'Which source counts?' });
    await page.getByRole('link', { name: /Juniper.*1 unanswered/ }).waitFor();
    const conversation = page.getByRole('region', { name: 'With Juniper' });
    await conversation.getByLabel('Reply to Juniper').fill('The file itself');
    await conversation.getByRole('button', { name: 'Reply' }).click();
    await conversation.getByText('Waits for Juniper').waitFor();
    await page.getByRole('link', { name: /unanswered/ }).waitFor({ state: 'detached' });
    const [sent] = panel.world.society.world.society.mail.sent.values();
    expect(sent).toMatchObject({ from_id: 'juniper', answer: { response: 'The file itself' } });
    await conversation.getByLabel('Write to Juniper').fill('And its hash');
    await page.keyboard.press('Control+Enter');
    await conversation.getByText('And its hash').waitFor();
    expect(complaints).toEqual([]);
  });

  it('lets the person speak in a room, and brings what others say in every tab', async () => {
    const { page, context } = watched;
    await settle(panel.world);
    const other = await context.newPage();
    for (const tab of [page, other]) await tab.goto(`${panel.origin}/rooms/town_hall`);
    await page.getByLabel('Say something in Town Hall').fill('Good morning');
    await page.getByRole('button', { name: 'Say it' }).click();
    for (const tab of [page, other]) await tab.getByRole('log').getByText('Good morning').waitFor();
    await act(panel.world, 'wren', 'post_message', { room: 'town_hall', content: 'Morning!' });
    for (const tab of [page, other]) await tab.getByRole('log').getByText('Morning!').waitFor();
    await other.getByRole('button', { name: 'Reply to Wren' }).click();
    await other.getByLabel('Say something in Town Hall').fill('Slept well?');
    await other.getByRole('button', { name: 'Reply', exact: true }).click();
    await page.getByRole('log').getByText('Slept well?').waitFor();
    await page.getByRole('log').getByText('Wren: Morning!').waitFor();
  });

  it('creates a resident, and says at its name when it is too much like another', async () => {
    const { page } = watched;
    await settle(panel.world);
    await page.goto(`${panel.origin}/residents`);
    await page.getByRole('button', { name: 'Create resident' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create resident' });
    await dialog.getByLabel('Name').fill('Junipers');
    await dialog.getByRole('button', { name: 'Create resident' }).click();
    await dialog.getByText(/too close to that of Juniper/).waitFor();
    expect(await dialog.getByLabel('Name').getAttribute('aria-invalid')).toBe('true');
    await dialog.getByLabel('Name').fill('Thistle');
    await dialog.getByLabel('Traits').fill('bold, brief');
    await dialog.getByRole('button', { name: 'Create resident' }).click();
    await page.getByRole('heading', { name: 'Thistle' }).waitFor();
    await page.getByText('bold', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Pin a task' }).click();
    await page.getByRole('dialog').getByLabel('Prompt').fill('Introduce yourself');
    await page.getByRole('button', { name: 'Pin task' }).click();
    await page.getByText(/Pinned .* to Thistle/).waitFor();
    const [record] = panel.world.store.list().records;
    expect(record?.task).toMatchObject({ prompt: 'Introduce yourself', identity_id: expect.stringMatching(/^oc_/) });
  });

  it('keeps what residents write inert wherever it is shown', async () => {
    const { page, complaints, foreign } = watched;
    const { world } = panel;
    const { bounty } = await scriptSociety(world, TRAP);
    await act(world, 'human', 'create_identity', {
      name: TRAP.slice(0, 80),
      summary: TRAP,
      identity_statement: 'Something else entirely, at length',
    });
    await act(world, 'moss', 'post_message', { room: 'town_hall', content: TRAP });
    await act(world, 'ash', 'message_human', { type: 'idea', content: TRAP });
    await act(world, 'moss', 'submit_bounty', { bounty_id: bounty, description: TRAP, artifacts: [TRAP] });
    await act(world, 'moss', 'remember', { content: TRAP });
    await act(world, 'moss', 'found_guild', { name: TRAP.slice(0, 80) }).catch(() => undefined);
    const suggestion = 'library/community_library/resident_suggestions/moss/one-shelf.md';
    for (const [place, sign] of [
      ['/residents/wren', 'Mind the'],
      ['/residents/moss', 'Librarian'],
      ['/residents', 'Librarian of the commons'],
      ['/rooms/town_hall', 'window.owned'],
      ['/mail/ash', 'window.owned'],
      [`/bounties/${bounty}`, 'window.owned'],
      ['/guilds', 'Makers'],
      [`/library?path=${encodeURIComponent(suggestion)}`, 'window.owned'],
    ] as const) {
      await page.goto(`${panel.origin}${place}`);
      await page.getByRole('main').getByText(sign).filter({ visible: true }).first().waitFor();
      expect(await page.evaluate('window.owned'), place).toBeUndefined();
      expect(await page.locator('main img, main script, main iframe, main style').count(), place).toBe(0);
    }
    await page.goto(`${panel.origin}/residents/wren`);
    const own = page.getByRole('group', { name: 'Its own page' });
    expect(await own.locator('em').textContent()).toBe('tools');
    expect([complaints, foreign]).toEqual([[], []]);
  });

  it('takes a suggestion into the library, and finds words in it', async () => {
    const { page } = watched;
    await scriptSociety(panel.world);
    await page.goto(`${panel.origin}/library`);
    await page.getByLabel('Find in the library').fill('three places');
    await page.getByRole('link', { name: /one shelf/ }).click();
    await page.getByRole('button', { name: 'Accept suggestion' }).click();
    await page.getByRole('link', { name: /one shelf.*Document/ }).waitFor();
  });

  it.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['mobile', { colorScheme: 'light', viewport: { width: 375, height: 812 } }],
  ] as const)('is clean on every page in %s, and fits its width', async (name, options) => {
    const { bounty } = await scriptSociety(panel.world);
    const folder = await pictureFolder();
    const { page, context, complaints, foreign } = await watchedPage(browser, panel.origin, {
      ...options,
      reducedMotion: 'reduce',
    });
    for (const [place, path, sign] of PLACES) {
      await page.goto(`${panel.origin}${path.replace('BOUNTY', bounty)}`);
      await page.getByRole('main').getByText(sign).filter({ visible: true }).first().waitFor();
      await page.evaluate('document.fonts.ready.then(() => true)');
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), `${place} fits`).toBeLessThanOrEqual(0);
      await page.screenshot({ path: join(folder, `${place}-${name}.png`), fullPage: true });
    }
    expect([complaints, foreign]).toEqual([[], []]);
    await context.close();
  });

  it.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['mobile', { colorScheme: 'light', viewport: { width: 375, height: 812 } }],
  ] as const)('has no finding of axe on any page or dialog in %s', async (_name, options) => {
    const { bounty } = await scriptSociety(panel.world);
    const { page, context } = await watchedPage(browser, panel.origin, { ...options, reducedMotion: 'reduce', bypassCSP: true });
    const findings: string[] = [];
    const look = async (what: string) => findings.push(...(await axeFindings(page)).map((finding) => `${what}: ${finding}`));
    for (const [place, path, sign] of PLACES) {
      await page.goto(`${panel.origin}${path.replace('BOUNTY', bounty)}`);
      await page.getByRole('main').getByText(sign).filter({ visible: true }).first().waitFor();
      await look(place);
    }
    for (const [path, button] of DIALOGS) {
      await page.goto(`${panel.origin}${path.replace('BOUNTY', bounty)}`);
      await page.getByRole('main').getByRole('button', { name: button, exact: true }).first().click();
      await page.getByRole('dialog').waitFor();
      await look(button);
    }
    expect(findings).toEqual([]);
    await context.close();
  });

  it('says what is missing on every page of an empty world', async () => {
    const { page, complaints } = watched;
    for (const [path, words] of EMPTY) {
      await page.goto(`${panel.origin}${path}`);
      await page.getByRole('main').getByText(words).first().waitFor();
    }
    await page.goto(`${panel.origin}/residents/nobody`);
    await page.getByText('identity_not_found').waitFor();
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
  });
});

const PLACES: readonly (readonly [string, string, string])[] = [
  ['residents', '/residents', 'Librarian of the commons'],
  ['resident', '/residents/wren', 'Juniper likes sources'],
  ['rooms', '/rooms', 'Tea is ready'],
  ['room', '/rooms/town_hall', 'Well done, both of you'],
  ['mail', '/mail', 'May I add jq'],
  ['conversation', '/mail/sorrel', 'Good thought'],
  ['bounties', '/bounties', 'Sort the shelf'],
  ['bounty', '/bounties/BOUNTY', 'A map of four packages'],
  ['guilds', '/guilds', 'I keep what you make'],
  ['disputes', '/disputes', 'Two of the votes'],
  ['library', '/library?path=library%2Fcommunity_library%2Fswarm_docs%2Fruntime-map.md', 'The log decides'],
  ['skills', '/skills', 'count_lines'],
];

const EMPTY: readonly (readonly [string, string])[] = [
  ['/residents', 'Nobody lives here yet'],
  ['/rooms', 'Nobody spoke here yet'],
  ['/mail', 'Nobody lives here yet'],
  ['/bounties', 'Nothing is offered'],
  ['/guilds', 'There is no guild yet'],
  ['/disputes', 'Nobody disputes anything'],
  ['/library', 'Nobody has written anything yet'],
];

const DIALOGS: readonly (readonly [string, string])[] = [
  ['/residents', 'Create resident'],
  ['/residents/wren', 'Send message'],
  ['/bounties', 'Offer bounty'],
  ['/bounties/BOUNTY', 'Complete'],
  ['/bounties/BOUNTY', 'Hand in work'],
  ['/disputes', 'Decide'],
];
