import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requires } from '@vivarium/core/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { act, settle } from '../../scripts/demo/world/people.ts';
import { aTaskNamed, testPanel } from '../e2e/panel-kit.ts';
import { shown } from './browser-kit.ts';
import { browserStage } from './kit.ts';

describe.runIf(requires('chromium'))('What cannot be drawn', () => {
  const stage = browserStage();
  const menu = (name: string) => stage.watched.page.getByRole('navigation').getByRole('link', { name, exact: true }).first();

  it('takes its own page only: the next one is drawn, and so is this one once it can be', async () => {
    const { page } = stage.watched;
    await stage.panel.world.store.add([aTaskNamed('t1'), aTaskNamed('t2')], 'test');
    await answerWith(page, '**/api/tasks/t1', (detail) => ({ ...detail, row: null }));
    await page.goto(`${stage.panel.origin}/tasks`);
    await page.getByRole('link', { name: 'Do t1' }).click();
    const broken = page.getByText('This page could not be drawn');
    await broken.waitFor();
    for (const [name, words] of [
      ['Budget', 'Reserved'],
      ['Today', 'At work now'],
      ['Tasks', 'Do t2'],
    ] as const) {
      await menu(name).click();
      await shown(page, words);
      expect(await broken.count()).toBe(0);
    }
    await page.goBack();
    await page.goBack();
    await page.goBack();
    await broken.waitFor();
    await page.unroute('**/api/tasks/t1');
    await menu('Tasks').click();
    await page.getByRole('link', { name: 'Do t1' }).click();
    await shown(page, 'What was asked');
  });

  it('takes its own card or line only', async () => {
    const { page } = stage.watched;
    const { world } = stage.panel;
    await settle(world);
    await world.store.add([aTaskNamed('t1')], 'test');
    for (const content of ['First words', 'Second words', 'Third words'])
      await act(world, 'moss', 'post_message', { room: 'town_hall', content });
    await answerWith(page, '**/api/chatrooms/*', (room) => brokenAt(room, 'Second words', 'content'));
    await page.goto(`${stage.panel.origin}/rooms/town_hall`);
    await shown(page, 'Third words');
    expect(await page.getByText('This could not be drawn').count()).toBe(1);
    expect(await page.getByText('First words').count()).toBeGreaterThan(0);
    await answerWith(page, '**/api/tasks/t1', (detail) => ({ ...detail, lines: [null] }));
    await page.goto(`${stage.panel.origin}/tasks/t1`);
    await shown(page, 'What was asked');
  });

  it('and belongs to a version that is gone, brings the present one, once', async () => {
    const { page } = stage.watched;
    let loads = 0;
    page.on('load', () => {
      loads += 1;
    });
    await page.route('**/assets/budget-*.js', (route) => route.fulfill({ status: 404, body: '' }));
    await page.goto(stage.panel.origin);
    await shown(page, 'At work now');
    await menu('Budget').click();
    await page.getByText('This page could not be drawn').waitFor();
    expect(loads).toBe(2);
    await menu('Residents').click();
    await shown(page, 'Nobody lives here yet');
    expect(loads).toBe(2);
  });

  it('is no list of sources: the build leaves what it was made from where nobody is served it', async () => {
    const { files } = JSON.parse(await readFile(join(stage.dist, '.sources.json'), 'utf8'));
    expect(files).toEqual(
      expect.arrayContaining(['packages/control-panel/src/world/words.ts', 'packages/core/src/domain/words/visible.ts']),
    );
    const answer = await stage.watched.page.request.get(`${stage.panel.origin}/.sources.json`);
    expect(await answer.text()).toMatch(/^<!doctype html>/);
  });

  it('is not waited for: an old tab loads itself when the server comes back with another page', async () => {
    const dist = await mkdtemp(join(tmpdir(), 'vivarium-dist-'));
    await cp(stage.dist, dist, { recursive: true });
    let panel = await testPanel({ apiPort: stage.apiPort, dist });
    const { page } = stage.watched;
    const script = () => page.evaluate(`document.querySelector('script[type=module]').src`);
    await page.goto(`${panel.origin}/tasks`);
    await shown(page, 'No task yet');
    const first = await script();
    panel = await panel.restart();
    await page.getByText('The connection to the panel is lost').waitFor({ state: 'detached' });
    expect(await script()).toBe(first);

    await renamed(dist, 'index-two');
    panel = await panel.restart();
    await page.locator('script[src*="index-two"]').waitFor({ state: 'attached' });
    await shown(page, 'No task yet');

    await page.getByLabel('Find tasks').fill('half a');
    await renamed(dist, 'index-three');
    panel = await panel.restart();
    await page.getByText('Vivarium was updated').waitFor();
    expect(await page.getByLabel('Find tasks').inputValue()).toBe('half a');
    await menu('Budget').click();
    await page.locator('script[src*="index-three"]').waitFor({ state: 'attached' });
    await shown(page, 'Reserved');
    await panel.remove();
    await rm(dist, { recursive: true, force: true });
  });
});

/** Change what the panel answers, as no panel of this version would. */
async function answerWith(page: Page, place: string, change: (answer: object) => object): Promise<void> {
  await page.route(place, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: change(await answer.json()) });
  });
}

/** The same answer, with nothing in one field of every object that holds these words there. */
function brokenAt(answer: object, words: string, field: string): object {
  return JSON.parse(JSON.stringify(answer), (_key, value) => (value?.[field] === words ? { ...value, [field]: null } : value));
}

/** Give the page's first script another name, as a build from other sources does. */
async function renamed(dist: string, name: string): Promise<void> {
  const assets = join(dist, 'assets');
  const index = join(dist, 'index.html');
  const [, old = ''] = /\/assets\/(index-[\w-]+)\.js/.exec(await readFile(index, 'utf8')) ?? [];
  await rename(join(assets, `${old}.js`), join(assets, `${name}.js`));
  // The page that names the new script comes last: an open tab may ask for it at any moment.
  for (const file of [...(await readdir(assets)).map((each) => join(assets, each)), index]) {
    if (!/\.(js|html)$/.test(file)) continue;
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll(`${old}.js`, `${name}.js`));
  }
}
