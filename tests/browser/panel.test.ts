import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { requires } from '@vivarium/core/testing';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scriptWorld } from '../../scripts/demo/world/work.ts';
import { aTaskNamed, holdForReview, type TestPanel, testPanel } from '../e2e/panel-kit.ts';
import { builtPage, openBrowser, pictureFolder, type Watched, watchedPage } from './browser-kit.ts';
import { fakeApi, READY } from './fake-api.ts';

describe.runIf(requires('chromium'))('The panel in a browser', () => {
  let browser: Browser;
  let dist: string;
  let panel: TestPanel;
  let watched: Watched;
  let api: Awaited<ReturnType<typeof fakeApi>>;

  beforeAll(async () => {
    [browser, api, dist] = await Promise.all([openBrowser(), fakeApi(), builtPage()]);
  });
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

  it('adds a task from the keyboard and lists it while it is worked on', async () => {
    const { page, complaints, foreign } = watched;
    await page.goto(`${panel.origin}/tasks`);
    await page.getByText('No task yet').waitFor();
    await page.keyboard.press('c');
    const dialog = page.getByRole('dialog', { name: 'Add task' });
    await dialog.getByLabel('Prompt').fill('Water the ferns');
    await dialog.getByText('More: command').click();
    await dialog.getByLabel('Id', { exact: true }).fill('water-ferns');
    await dialog.getByRole('button', { name: 'Add task' }).click();
    const row = page.getByRole('row', { name: /Water the ferns/ });
    await row.getByText('Waiting').waitFor();
    await panel.world.store.claim({ worker_id: 'w', limit: 1, assign: () => ({ resident_id: 'wren' }) });
    await row.getByText('Working').waitFor();
    expect(panel.world.store.get('water-ferns')?.task.prompt).toBe('Water the ferns');
    expect([complaints, foreign]).toEqual([[], []]);
  });

  it("shows the contract's message at the field and keeps what was typed through a reload", async () => {
    const { page } = watched;
    await page.goto(panel.origin);
    await page.getByRole('button', { name: 'Add task' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add task' });
    await dialog.getByLabel('Prompt').fill('A long thought');
    await dialog.getByText('More: command').click();
    await dialog.getByLabel('Max budget').fill('-3');
    await dialog.getByRole('button', { name: 'Add task' }).click();
    await dialog.getByText(/expected number to be >=0/i).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Add task' }).click();
    expect(await dialog.getByLabel('Prompt').inputValue()).toBe('A long thought');
  });

  it('approves a held task and rejects another with a reason', async () => {
    const { page, complaints } = watched;
    await panel.world.store.add([aTaskNamed('good'), aTaskNamed('weak')], 'test');
    await holdForReview(panel.world, 'good');
    await holdForReview(panel.world, 'weak');
    await page.goto(panel.origin);
    const needsYou = page.getByRole('region', { name: 'Needs you' });
    const item = (name: string) => needsYou.getByRole('listitem').filter({ hasText: name });
    await item('Do good').getByRole('button', { name: 'Approve' }).click();
    await item('Do good').waitFor({ state: 'detached' });
    expect(panel.world.store.get('good')?.status).toBe('approved');
    await item('Do weak').getByRole('button', { name: 'Reject' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('Name your sources');
    await dialog.getByRole('button', { name: 'Reject' }).click();
    await needsYou.getByText('Nothing waits for you.').waitFor();
    expect(panel.world.store.get('weak')?.feedback?.issues).toEqual(['Name your sources']);
    expect(complaints).toEqual([]);
  });

  it('halts after one question that says what happens, and resumes', async () => {
    const { page } = watched;
    await page.goto(panel.origin);
    await page.getByRole('button', { name: 'Halt' }).click();
    const dialog = page.getByRole('dialog', { name: 'Halt everything?' });
    await dialog.getByText(/aborted/).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(panel.world.switches.state()).toBe('running');
    await page.getByRole('button', { name: 'Halt' }).click();
    await dialog.getByRole('button', { name: 'Halt' }).click();
    await page.getByText('Halted', { exact: true }).first().waitFor();
    expect(panel.world.switches.state()).toBe('halted');
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Running', { exact: true }).waitFor();
    expect(panel.world.switches.state()).toBe('running');
  });

  it('takes a Groq key where the model is missing, and never shows it again', async () => {
    const away = await fakeApi({ ...READY, name: 'none', state: 'absent', detail: 'No model', fix: 'Add a Groq key' });
    const lonely = await testPanel({ apiPort: away.port, dist });
    const { page } = watched;
    await page.goto(lonely.origin);
    await page.getByLabel('Groq key').fill('short');
    await page.getByRole('button', { name: 'Save key' }).click();
    await page.getByText('api_key is too short').waitFor();
    await page.getByLabel('Groq key').fill('gsk_0123456789abcdef7890');
    await page.getByRole('button', { name: 'Save key' }).click();
    await page.getByText('Groq key in use: gsk_...7890').waitFor();
    expect(await page.content()).not.toContain('0123456789abcdef');
    await page.getByRole('button', { name: 'Remove key' }).click();
    await page.getByText('Groq key in use').waitFor({ state: 'detached' });
    await lonely.remove();
    away.close();
  });

  it('comes back by itself after the server was restarted, with what happened meanwhile', async () => {
    const { page } = watched;
    await page.goto(`${panel.origin}/tasks`);
    await page.getByText('No task yet').waitFor();
    panel = await panel.restart();
    await panel.world.store.add([aTaskNamed('meanwhile')], 'test');
    await page.getByRole('row', { name: /Do meanwhile/ }).waitFor();
    await panel.world.store.add([aTaskNamed('afterwards')], 'test');
    await page.getByRole('row', { name: /Do afterwards/ }).waitFor();
  });

  it("shows a resident's text as text: no script runs, no picture is fetched, no trap is a link", async () => {
    const { page, complaints, foreign } = watched;
    await scriptWorld(panel.world);
    await page.goto(`${panel.origin}/tasks/map-runtime`);
    await page.getByRole('heading', { name: 'Repository summary' }).waitFor();
    await page.getByRole('region', { name: 'Output' }).getByText("alert('never runs')").waitFor();
    expect(await page.getByRole('link', { name: 'the site' }).getAttribute('rel')).toContain('noreferrer');
    expect(await page.getByRole('link', { name: 'a trap' }).count()).toBe(0);
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect([complaints, foreign]).toEqual([[], []]);
  });

  it.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['mobile', { colorScheme: 'light', viewport: { width: 375, height: 812 } }],
  ] as const)('is clean on every page in %s, and fits its width', async (name, options) => {
    await scriptWorld(panel.world);
    const folder = await pictureFolder();
    const { page, context, complaints, foreign } = await watchedPage(browser, panel.origin, {
      ...options,
      reducedMotion: 'reduce',
    });
    for (const [place, path, sign] of PLACES) {
      await page.goto(`${panel.origin}${path}`);
      await page.getByText(sign).first().waitFor();
      await page.evaluate('document.fonts.ready.then(() => true)');
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), `${place} fits`).toBeLessThanOrEqual(0);
      await page.screenshot({ path: join(folder, `${place}-${name}.png`), fullPage: true });
    }
    await page.getByRole('button', { name: 'Add task' }).click();
    await page.getByRole('dialog').waitFor();
    await page.screenshot({ path: join(folder, `add-${name}.png`) });
    expect([complaints, foreign]).toEqual([[], []]);
    await context.close();
  });
});

const PLACES: readonly (readonly [string, string, string])[] = [
  ['today', '/', 'Write safety gate tests'],
  ['tasks', '/tasks', 'Build the timeline view'],
  ['task', '/tasks/map-runtime', 'Repository summary'],
  ['blocked', '/tasks/clean-up', 'The program rm is not'],
  ['waiting', '/tasks/timeline', 'Moved next by'],
  ['log', '/log', 'Newest first'],
];
