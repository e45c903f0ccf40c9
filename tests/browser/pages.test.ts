import { join } from 'node:path';
import { requires } from '@vivarium/core/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { scriptChanges } from '../../scripts/demo/world/invoice.ts';
import { scriptSociety } from '../../scripts/demo/world/society.ts';
import { scriptWorld } from '../../scripts/demo/world/work.ts';
import { axeFindings } from './axe.ts';
import { pictureFolder, shown, type Watched, watchedPage } from './browser-kit.ts';
import { browserStage, MOBILE } from './kit.ts';

describe.runIf(requires('chromium'))('Every page', () => {
  const stage = browserStage();

  it('is full, clean, accessible and fits its width in light, dark and on a phone, each of its dialogs too', async () => {
    await scriptWorld(stage.panel.world);
    const { bounty } = await scriptSociety(stage.panel.world);
    await scriptChanges(stage.panel.world);
    const { origin } = stage.panel;
    const open = (options: object) => watchedPage(stage.browser, origin, { ...options, reducedMotion: 'reduce' });
    const [desk, phone] = await Promise.all([open({ colorScheme: 'light' }), open(MOBILE)]);
    const found = await Promise.all([
      walk(desk.page, origin, bounty, within(desk.page), lookInBoth(desk.page)),
      walk(phone.page, origin, bounty, afresh(phone.page), (what) => look(phone.page, `${what} on a phone`)),
    ]);
    const clean = ({ complaints, foreign }: Watched) => [complaints, foreign];
    expect([found.flat(), clean(desk), clean(phone)]).toEqual([[], [[], []], [[], []]]);
    await Promise.all([desk.context.close(), phone.context.close()]);
  }, 300_000);

  it('says in an empty world what would be there and what makes it so', async () => {
    const { page, complaints } = stage.watched;
    const go = within(page);
    for (const [path, words] of EMPTY) {
      await go(`${stage.panel.origin}${path}`);
      await shown(page, words);
    }
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
  });

  it('says that it is loading, then what went wrong and how to go on, and goes on', async () => {
    const { page } = stage.watched;
    await scriptWorld(stage.panel.world);
    const { bounty } = await scriptSociety(stage.panel.world);
    await scriptChanges(stage.panel.world);
    const go = within(page);
    for (const [path, route, sign] of READING) {
      let answer: 'wait' | 'fail' | 'pass' = 'wait';
      const [asked, gate] = [latch(), latch()];
      await page.route(route, async (request) => {
        if (answer === 'wait') {
          asked.open();
          await gate.passed;
        }
        if (answer === 'pass') return request.continue();
        await request.fulfill({ status: 500, json: { success: false, error: 'The disk is away', code: 'X', fix: 'Plug it in' } });
      });
      await go(`${stage.panel.origin}${path.replace('BOUNTY', bounty)}`);
      await asked.passed;
      await page.getByRole('main').getByRole('status').first().waitFor();
      answer = 'fail';
      gate.open();
      const alert = page.getByRole('main').getByRole('alert').filter({ hasText: 'The disk is away' }).first();
      await alert.getByText('Plug it in').waitFor();
      answer = 'pass';
      await alert.getByRole('button', { name: 'Try again' }).click();
      await shown(page, sign);
      await page.unroute(route);
    }
  });
});

type Look = (what: string) => Promise<string[]>;
type Go = (address: string) => Promise<unknown>;

const afresh =
  (page: Page): Go =>
  (address) =>
    page.goto(address);

/** Goes from page to page without loading anew, as a person who follows links. */
const within =
  (page: Page): Go =>
  (address) =>
    page.url().startsWith('http') ? page.evaluate(`history.pushState(null, '', ${JSON.stringify(address)})`) : page.goto(address);

/** Go to every page and open each of its dialogs; what each look finds. */
async function walk(page: Page, origin: string, bounty: string, go: Go, see: Look): Promise<string[]> {
  const found: string[] = [];
  for (const [path, sign] of FULL) {
    await go(`${origin}${path.replace('BOUNTY', bounty)}`);
    await shown(page, sign);
    found.push(...(await see(path)));
    for (const button of DIALOGS[path] ?? []) {
      await page.getByRole('button', { name: button }).first().click();
      await page.getByRole('dialog').waitFor();
      found.push(...(await see(`${path} ${button}`)));
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
  }
  return found;
}

/** What is wrong with the page as it stands. */
async function look(page: Page, what: string): Promise<string[]> {
  const beyond = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  const wide = beyond > 0 ? [`${what}: ${beyond} pixels too wide`] : [];
  const folder = process.env['VIVARIUM_TEST_PICTURES'] && (await pictureFolder());
  if (folder) await page.screenshot({ path: join(folder, `${what.replaceAll(/\W+/g, '-')}.png`), fullPage: true });
  return [...wide, ...(await axeFindings(page)).map((finding) => `${what}: ${finding}`)];
}

/** Looks in the theme the page came in; then in the other, in which the next page comes. */
function lookInBoth(page: Page): Look {
  let theme: 'light' | 'dark' = 'light';
  return async (what) => {
    const first = await look(page, `${what} in ${theme}`);
    theme = theme === 'light' ? 'dark' : 'light';
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.evaluate(`new Promise((settle) => {
      const turned = () => (document.documentElement.dataset.theme === '${theme}' ? requestAnimationFrame(settle) : requestAnimationFrame(turned));
      turned();
    })`);
    return [...first, ...(await look(page, `${what} in ${theme}`))];
  };
}

/** Something to wait for that somebody opens once. */
function latch(): { open(): void; readonly passed: Promise<void> } {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((settle) => {
    open = settle;
  });
  return { open: () => open(), passed };
}

const FULL: readonly (readonly [path: string, sign: string])[] = [
  ['/', 'Write safety gate tests'],
  ['/needs-you', 'What was asked'],
  ['/tasks', 'Build the timeline view'],
  ['/tasks?view=board', 'Build the timeline view'],
  ['/tasks?view=graph', 'Critical path'],
  ['/tasks/map-runtime', 'Repository summary'],
  ['/tasks/clean-up', 'The program rm is not'],
  ['/tasks/timeline', 'Moved next by'],
  ['/changes', 'Round half a cent up'],
  ['/changes/half-a-cent', 'half a cent was lost'],
  ['/changes/fewer-tests', 'No reason is given'],
  ['/projects', 'May touch'],
  ['/checkpoints', 'Before a change landed'],
  ['/residents', 'Librarian of the commons'],
  ['/residents/wren', 'Juniper likes sources'],
  ['/rooms', 'Tea is ready'],
  ['/rooms/town_hall', 'Well done, both of you'],
  ['/mail', 'May I add jq'],
  ['/mail/sorrel', 'Good thought'],
  ['/bounties', 'Sort the shelf'],
  ['/bounties/BOUNTY', 'A map of four packages'],
  ['/guilds', 'I keep what you make'],
  ['/disputes', 'Two of the votes'],
  ['/library?path=library%2Fcommunity_library%2Fswarm_docs%2Fruntime-map.md', 'The log decides'],
  ['/skills', 'count_lines'],
  ['/budget', 'No call is running.'],
  ['/log', 'Added to the queue'],
  ['/settings', 'rules for every task'],
];

/** By page, the buttons that open a dialog. */
const DIALOGS: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  '/': ['Add task', 'Halt'],
  '/tasks': ['Import'],
  '/tasks/timeline': ['Edit'],
  '/changes/half-a-cent': ['Reject'],
  '/checkpoints': ['Take a checkpoint', /^Look at a restore/],
  '/residents': ['Create resident'],
  '/residents/wren': ['Send message', 'Pin a task'],
  '/bounties': ['Offer bounty'],
  '/bounties/BOUNTY': ['Complete', 'Hand in work'],
  '/guilds': [/^Vote on a journal/, /^Tip/],
  '/disputes': ['Decide', 'Appoint a mediator'],
};

const EMPTY: readonly (readonly [path: string, words: string])[] = [
  ['/', 'No worker is running. Start one under Settings'],
  ['/', 'Nothing waits for you'],
  ['/needs-you', 'Nothing waits for you'],
  ['/tasks', 'No task yet'],
  ['/tasks?view=graph', 'No task yet'],
  ['/tasks?view=board', 'None'],
  ['/tasks/nothing', 'There is no task nothing'],
  ['/changes', 'There is no change yet'],
  ['/changes/nothing', 'nothing'],
  ['/projects', 'Residents may touch no project yet'],
  ['/checkpoints', 'There is no checkpoint yet'],
  ['/residents', 'Nobody lives here yet'],
  ['/residents/nobody', 'identity_not_found'],
  ['/rooms', 'Nobody spoke here yet'],
  ['/mail', 'Nobody lives here yet'],
  ['/bounties', 'Nothing is offered'],
  ['/bounties/nothing', 'There is no bounty nothing'],
  ['/guilds', 'There is no guild yet'],
  ['/disputes', 'There are no disputes'],
  ['/library', 'Nobody has written anything yet'],
  ['/budget', 'No call is running.'],
  ['/log', 'Nothing has happened yet'],
  ['/settings', 'No worker runs'],
];

/** What each page reads first, and what stands there once it has it. */
const READING: readonly (readonly [path: string, route: string, sign: string])[] = [
  ['/', '**/api/trend?*', 'Finished'],
  ['/tasks', '**/api/tasks?*', 'Build the timeline view'],
  ['/tasks?view=graph', '**/api/graph*', 'Critical path'],
  ['/tasks/map-runtime', '**/api/tasks/map-runtime', 'Repository summary'],
  ['/changes', '**/api/changes?*', 'Round half a cent up'],
  ['/changes/half-a-cent', '**/api/changes/half-a-cent', 'half a cent was lost'],
  ['/projects', '**/api/projects', 'May touch'],
  ['/checkpoints', '**/api/checkpoints?*', 'Before a change landed'],
  ['/residents/wren', '**/api/identity/wren/profile', 'Juniper likes sources'],
  ['/rooms/town_hall', '**/api/chatrooms/town_hall*', 'Well done, both of you'],
  ['/mail', '**/api/messages/mailbox', 'May I add jq'],
  ['/bounties', '**/api/bounties?*', 'Sort the shelf'],
  ['/bounties/BOUNTY', '**/api/bounties/bounty_*', 'A map of four packages'],
  ['/guilds', '**/api/guilds*', 'I keep what you make'],
  ['/disputes', '**/api/disputes*', 'Two of the votes'],
  ['/library', '**/api/library?*', 'one shelf'],
  ['/skills', '**/api/skills*', 'count_lines'],
  ['/budget', '**/api/budget/spend?*', 'No call is running.'],
  ['/log', '**/api/log?*', 'Added to the queue'],
  ['/settings', '**/api/settings', 'rules for every task'],
];
