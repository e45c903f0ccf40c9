import { join } from 'node:path';
import { requires } from '@vivarium/core/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { scriptSociety } from '../../scripts/demo/world/society.ts';
import { scriptWorld } from '../../scripts/demo/world/work.ts';
import { axeFindings } from './axe.ts';
import { pictureFolder, watchedPage } from './browser-kit.ts';
import { browserStage, LOOKS } from './kit.ts';

describe.runIf(requires('chromium'))('Every page', () => {
  const stage = browserStage();
  const shown = (page: Page, words: string) =>
    page.getByRole('main').getByText(words).filter({ visible: true }).first().waitFor();

  it.each(LOOKS)(
    'is full, clean, accessible and fits its width in %s, each of its dialogs too',
    async (name, options) => {
      await scriptWorld(stage.panel.world);
      const { bounty } = await scriptSociety(stage.panel.world);
      const { origin } = stage.panel;
      const { page, context, complaints, foreign } = await watchedPage(stage.browser, origin, {
        ...options,
        reducedMotion: 'reduce',
      });
      const folder = process.env['VIVARIUM_TEST_PICTURES'] && (await pictureFolder());
      const found: string[] = [];
      const look = async (what: string) => {
        const beyond = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        if (beyond > 0) found.push(`${what}: ${beyond} pixels too wide`);
        found.push(...(await axeFindings(page)).map((finding) => `${what}: ${finding}`));
        if (folder) await page.screenshot({ path: join(folder, `${what.replaceAll(/\W+/g, '-')}-${name}.png`), fullPage: true });
      };
      for (const [path, sign] of FULL) {
        await page.goto(`${origin}${path.replace('BOUNTY', bounty)}`);
        await shown(page, sign);
        await page.locator('main .skeleton').first().waitFor({ state: 'detached' });
        await look(path.replace('BOUNTY', 'bounty'));
      }
      for (const [path, button] of DIALOGS) {
        await page.goto(`${origin}${path.replace('BOUNTY', bounty)}`);
        await page.getByRole('button', { name: button, exact: true }).first().click();
        await page.getByRole('dialog').waitFor();
        await look(button);
      }
      expect([found, complaints, foreign]).toEqual([[], [], []]);
      await context.close();
    },
    300_000,
  );

  it('says in an empty world what would be there and what makes it so', async () => {
    const { page, complaints } = stage.watched;
    for (const [path, words] of EMPTY) {
      await page.goto(`${stage.panel.origin}${path}`);
      await shown(page, words);
    }
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
  });

  it('says that it is loading, then what went wrong and how to go on, and goes on', async () => {
    const { page } = stage.watched;
    await scriptWorld(stage.panel.world);
    const { bounty } = await scriptSociety(stage.panel.world);
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
      await page.goto(`${stage.panel.origin}${path.replace('BOUNTY', bounty)}`);
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

const DIALOGS: readonly (readonly [path: string, button: string])[] = [
  ['/', 'Add task'],
  ['/', 'Halt'],
  ['/residents', 'Create resident'],
  ['/residents/wren', 'Send message'],
  ['/bounties', 'Offer bounty'],
  ['/bounties/BOUNTY', 'Complete'],
  ['/bounties/BOUNTY', 'Hand in work'],
  ['/disputes', 'Decide'],
  ['/tasks/timeline', 'Edit'],
  ['/tasks', 'Import'],
];

const EMPTY: readonly (readonly [path: string, words: string])[] = [
  ['/', 'No worker is running. Start one under Settings'],
  ['/', 'Nothing waits for you'],
  ['/needs-you', 'Nothing waits for you'],
  ['/tasks', 'No task yet'],
  ['/tasks?view=graph', 'No task yet'],
  ['/tasks?view=board', 'None'],
  ['/tasks/nothing', 'There is no task nothing'],
  ['/residents', 'Nobody lives here yet'],
  ['/residents/nobody', 'identity_not_found'],
  ['/rooms', 'Nobody spoke here yet'],
  ['/mail', 'Nobody lives here yet'],
  ['/bounties', 'Nothing is offered'],
  ['/bounties/nothing', 'There is no bounty nothing'],
  ['/guilds', 'There is no guild yet'],
  ['/disputes', 'Nobody disputes anything'],
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
