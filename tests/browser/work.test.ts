import { readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { requires } from '@vivarium/core/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { scriptWorld } from '../../scripts/demo/world/work.ts';
import { aTaskNamed, holdForReview, type TestPanel, testPanel } from '../e2e/panel-kit.ts';
import { builtPage, openBrowser, type Watched, watchedPage } from './browser-kit.ts';
import { fakeApi } from './fake-api.ts';

describe.runIf(requires('chromium'))('The pages for tasks, money, log and settings', () => {
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

  it('finds pages, tasks and deeds from the keyboard, and takes what was typed as a new task', async () => {
    const { page, complaints } = watched;
    await panel.world.store.add([aTaskNamed('water', { prompt: 'Water the ferns' })], 'test');
    await page.goto(panel.origin);
    await page.getByText('At work now').waitFor();
    await page.keyboard.press('Control+k');
    const menu = page.getByRole('dialog', { name: 'Find or do' });
    await menu.getByRole('combobox').fill('ferns');
    await menu.getByRole('option', { name: /Water the ferns/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/tasks/water');
    for (const [key, path] of [
      ['$', '/budget'],
      ['e', '/log'],
      [',', '/settings'],
      ['i', '/needs-you'],
      ['q', '/tasks'],
    ] as const) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await page.waitForURL(`**${path}`);
    }
    await page.keyboard.press('/');
    await menu.getByRole('combobox').fill('Count the birds');
    await menu.getByRole('option', { name: /Add task .Count the birds/ }).click();
    const add = page.getByRole('dialog', { name: 'Add task' });
    expect(await add.getByLabel('Prompt').inputValue()).toBe('Count the birds');
    await page.keyboard.press('Escape');
    await add.waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).getByText('Guilds & votes').waitFor();
    expect(complaints).toEqual([]);
  });

  it('works through what waits by keyboard: approve, reject with a reason, many at once', async () => {
    const { page, complaints } = watched;
    const names = ['first', 'second', 'third', 'fourth'];
    await panel.world.store.add(
      names.map((name) => aTaskNamed(name)),
      'test',
    );
    for (const name of names) await holdForReview(panel.world, name);
    await page.goto(`${panel.origin}/needs-you`);
    const list = page.getByRole('list', { name: 'What waits for you' });
    await list.getByRole('button', { name: /Do first/ }).waitFor();
    await page.keyboard.press('j');
    await page.getByRole('heading', { name: 'Do second' }).waitFor();
    await page.keyboard.press('a');
    await list.getByRole('button', { name: /Do second/ }).waitFor({ state: 'detached' });
    expect(panel.world.store.get('second')?.status).toBe('approved');
    await page.keyboard.press('k');
    await page.getByRole('heading', { name: 'Do first' }).waitFor();
    await page.keyboard.press('r');
    await page.keyboard.type('Name your sources');
    await page.keyboard.press('Control+Enter');
    await list.getByRole('button', { name: /Do first/ }).waitFor({ state: 'detached' });
    expect(panel.world.store.get('first')?.feedback?.issues).toEqual(['Name your sources']);
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Do third' }).waitFor();
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByRole('button', { name: 'Approve 2' }).click();
    await page.getByText('Nothing waits for you').waitFor();
    expect(['third', 'fourth'].map((id) => panel.world.store.get(id)?.status)).toEqual(['approved', 'approved']);
    expect(complaints).toEqual([]);
  });

  it("changes a waiting task, with the contract's message at the field", async () => {
    const { page } = watched;
    await panel.world.store.add([aTaskNamed('draft')], 'test');
    await page.goto(`${panel.origin}/tasks/draft`);
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit draft' });
    await dialog.getByLabel('Max budget').fill('-1');
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await dialog.getByText(/expected number to be >=0/i).waitFor();
    await dialog.getByLabel('Max budget').fill('0.25');
    await dialog.getByLabel('Prompt').fill('Do it with care');
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('heading', { name: 'Do it with care' }).waitFor();
    expect(panel.world.store.get('draft')?.task).toMatchObject({ prompt: 'Do it with care', max_budget: 0.25 });
  });

  it('imports a file all or none, and cancels and retries many with their count', async () => {
    const { page } = watched;
    await page.goto(`${panel.origin}/tasks?import=1`);
    const dialog = page.getByRole('dialog', { name: 'Import tasks' });
    const file = (content: string) => ({ name: 'tasks.jsonl', mimeType: 'application/json', buffer: Buffer.from(content) });
    await dialog.locator('input[type=file]').setInputFiles(file('{"id":"one","prompt":"One"}\n{"id":"bad"}\n'));
    await dialog
      .getByText(/line 2/)
      .first()
      .waitFor();
    expect(panel.world.store.counts().total).toBe(0);
    await dialog.locator('input[type=file]').setInputFiles(file('{"id":"one","prompt":"One"}\n{"id":"two","prompt":"Two"}\n'));
    await page.getByText('Added 2 tasks').waitFor();
    await page.getByRole('checkbox', { name: 'Select all that are loaded' }).check();
    await page.getByRole('button', { name: 'Cancel 2' }).click();
    const sure = page.getByRole('dialog', { name: 'Cancel 2 tasks?' });
    await sure.getByRole('button', { name: 'Cancel 2' }).click();
    await page.getByText('Cancelled 2 tasks').waitFor();
    expect(panel.world.store.counts().cancelled).toBe(2);
    await page.getByRole('checkbox', { name: 'Select all that are loaded' }).check();
    await page.getByRole('button', { name: 'Retry 2' }).click();
    await page.getByRole('dialog', { name: 'Retry 2 tasks?' }).getByRole('button', { name: 'Retry 2' }).click();
    await page.getByText('Queued again: 2 tasks').waitFor();
    expect(panel.world.store.counts().queued).toBe(2);
  });

  it('keeps a list of five thousand short on the page, and loads older ones on the way down', async () => {
    const { page } = watched;
    const tasks = Array.from({ length: 5000 }, (_, index) => aTaskNamed(`t${index}`));
    await panel.world.store.add(tasks, 'test');
    await page.goto(`${panel.origin}/tasks`);
    await page.getByText('Do t4999').waitFor();
    expect(await page.getByRole('row').count()).toBeLessThan(60);
    await vi.waitFor(
      async () => {
        await page.evaluate('scrollTo(0, document.body.scrollHeight)');
        expect(await page.getByText(/Do t46\d\d/).count()).toBeGreaterThan(0);
      },
      { timeout: 30_000, interval: 50 },
    );
    expect(await page.getByRole('row').count()).toBeLessThan(60);
  });

  it('pages the written log back beyond what the feed keeps, and gives it as a file', async () => {
    const { page } = watched;
    await panel.world.store.add(
      Array.from({ length: 400 }, (_, index) => aTaskNamed(`n${index}`)),
      'test',
    );
    await page.goto(`${panel.origin}/log`);
    await page.getByText('n399', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Older lines' }).click();
    await page.getByText('n150', { exact: true }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Execution log' }).click(),
    ]);
    const path = await download.path();
    expect((await readFile(path, 'utf8')).trim().split('\n')).toHaveLength(400);
    await page.getByRole('searchbox', { name: 'Find in the log' }).fill('n7');
    await page.getByText('n7', { exact: true }).waitFor();
    await page.getByText('n399', { exact: true }).waitFor({ state: 'detached' });
  });

  it('starts counting money from zero after one question', async () => {
    const { page } = watched;
    await page.goto(`${panel.origin}/budget`);
    await page.getByRole('button', { name: 'Reset the count' }).click();
    await page.getByRole('dialog', { name: 'Start counting from zero?' }).getByRole('button', { name: 'Reset' }).click();
    await page.getByText('Counted from zero').waitFor();
    expect(panel.world.budget.state().since).not.toBe('');
  });

  it.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['mobile', { colorScheme: 'light', viewport: { width: 375, height: 812 } }],
  ] as const)('has no finding of axe on any of these pages in %s, and fits its width', async (_name, options) => {
    await scriptWorld(panel.world);
    // The policy of the pages would not let the checker in; everything else stays as it is.
    const { page, context } = await watchedPage(browser, panel.origin, { ...options, reducedMotion: 'reduce', bypassCSP: true });
    const findings: string[] = [];
    for (const [path, sign] of PLACES) {
      await page.goto(`${panel.origin}${path}`);
      await page.getByText(sign).first().waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), `${path} fits`).toBeLessThanOrEqual(0);
      findings.push(...(await axeFindings(page)).map((finding) => `${path}: ${finding}`));
    }
    await page.getByRole('button', { name: 'Find a task' }).click();
    await page.getByRole('option').first().waitFor();
    findings.push(...(await axeFindings(page)).map((finding) => `menu: ${finding}`));
    expect(findings).toEqual([]);
    await context.close();
  });
});

const PLACES: readonly (readonly [string, string])[] = [
  ['/', 'Over time'],
  ['/needs-you', 'What was asked'],
  ['/tasks', 'Build the timeline view'],
  ['/tasks?view=board', 'Build the timeline view'],
  ['/tasks?view=graph', 'Critical path'],
  ['/tasks/map-runtime', 'Repository summary'],
  ['/tasks/flaky-lock', 'Moved next by'],
  ['/budget', 'No call is running.'],
  ['/log', 'Added to the queue'],
  ['/settings', 'rules for every task'],
];

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

async function axeFindings(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: AXE });
  return page.evaluate(`axe.run(document).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ' ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`);
}
