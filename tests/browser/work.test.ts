import { readFile } from 'node:fs/promises';
import { requires } from '@vivarium/core/testing';
import { describe, expect, it, vi } from 'vitest';
import { act } from '../../scripts/demo/world/people.ts';
import { scriptSociety } from '../../scripts/demo/world/society.ts';
import { aTaskNamed, holdForReview } from '../e2e/panel-kit.ts';
import { browserStage } from './kit.ts';

describe.runIf(requires('chromium'))('The pages for tasks, money, log and settings', () => {
  const stage = browserStage();

  it('finds pages, tasks and deeds from the keyboard, and takes what was typed as a new task', async () => {
    const { page, complaints } = stage.watched;
    await stage.panel.world.store.add([aTaskNamed('water', { prompt: 'Water the ferns' })], 'test');
    await page.goto(stage.panel.origin);
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
    const { page, complaints } = stage.watched;
    const names = ['first', 'second', 'third', 'fourth'];
    await stage.panel.world.store.add(
      names.map((name) => aTaskNamed(name)),
      'test',
    );
    for (const name of names) await holdForReview(stage.panel.world, name);
    await page.goto(`${stage.panel.origin}/needs-you`);
    const list = page.getByRole('list', { name: 'What waits for you' });
    await list.getByRole('button', { name: /Do first/ }).waitFor();
    await page.keyboard.press('j');
    await page.getByRole('heading', { name: 'Do second' }).waitFor();
    await page.keyboard.press('a');
    await list.getByRole('button', { name: /Do second/ }).waitFor({ state: 'detached' });
    expect(stage.panel.world.store.get('second')?.status).toBe('approved');
    await page.keyboard.press('k');
    await page.getByRole('heading', { name: 'Do first' }).waitFor();
    await page.keyboard.press('r');
    await page.keyboard.type('Name your sources');
    await page.keyboard.press('Control+Enter');
    await list.getByRole('button', { name: /Do first/ }).waitFor({ state: 'detached' });
    expect(stage.panel.world.store.get('first')?.feedback?.issues).toEqual(['Name your sources']);
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Do third' }).waitFor();
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByRole('button', { name: 'Approve 2' }).click();
    await page.getByText('Nothing waits for you').waitFor();
    expect(['third', 'fourth'].map((id) => stage.panel.world.store.get(id)?.status)).toEqual(['approved', 'approved']);
    expect(complaints).toEqual([]);
  });

  it('gathers mail, disputes and handed-in work in one inbox as they arise, and takes the answers there', async () => {
    const { page, complaints } = stage.watched;
    const { world } = stage.panel;
    const { bounty } = await scriptSociety(world);
    await page.goto(`${stage.panel.origin}/needs-you`);
    const list = page.getByRole('list', { name: 'What waits for you' });
    const item = (words: RegExp) => list.getByRole('button', { name: words });
    await item(/May I add jq.*Mail/s).waitFor();
    await act(world, 'juniper', 'message_human', { type: 'question', content: 'Which source counts?' });
    await item(/Which source counts/).click();
    await page.getByRole('link', { name: /Needs you\s*5 waiting/ }).waitFor();
    await page.keyboard.press('r');
    await page.keyboard.type('The file itself');
    await page.keyboard.press('Control+Enter');
    await item(/Which source counts/).waitFor({ state: 'detached' });
    await item(/Two of the votes.*Dispute/s).click();
    await page.keyboard.press('r');
    const decide = page.getByRole('dialog', { name: 'Decide the dispute' });
    await decide.getByLabel('What it rests on').fill('Both voters named their reasons in the room');
    await decide.getByRole('button', { name: 'Decide' }).click();
    await item(/Two of the votes/).waitFor({ state: 'detached' });
    expect(world.society.disputes()).toMatchObject([{ status: 'resolved', outcome: 'uphold' }]);
    await item(/Map the runtime.*Bounty/s).click();
    await page.keyboard.press('r');
    const judge = page.getByRole('dialog', { name: 'Judge the work of Wren' });
    await judge.getByLabel('Evidence').fill('Every arrow names its file');
    await judge.getByRole('button', { name: 'Accept' }).click();
    await page.getByRole('region', { name: 'Handed in' }).getByText('Every arrow names its file').waitFor();
    await act(world, 'human', 'complete_bounty', { bounty_id: bounty });
    await item(/Map the runtime/).waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  it('keeps what is typed while the panel is away, says so, and takes it once it is back', async () => {
    const { page } = stage.watched;
    await page.goto(`${stage.panel.origin}/tasks`);
    await page.getByText('No task yet').waitFor();
    await page.keyboard.press('c');
    const dialog = page.getByRole('dialog', { name: 'Add task' });
    await dialog.getByLabel('Prompt').fill('A thought that took an hour');
    await page.route('**/api/tasks', (request) => request.abort());
    await dialog.getByRole('button', { name: 'Add task' }).click();
    await dialog.getByText('Nothing you typed is lost').waitFor();
    stage.panel = await stage.panel.restart();
    await page.unroute('**/api/tasks');
    expect(await dialog.getByLabel('Prompt').inputValue()).toBe('A thought that took an hour');
    await dialog.getByRole('button', { name: 'Add task' }).click();
    await page.getByRole('row', { name: /A thought that took an hour/ }).waitFor();
    expect(stage.panel.world.store.counts().total).toBe(1);
  });

  it('keeps two tabs in step, whichever of them decides', async () => {
    const { page, context } = stage.watched;
    const { store } = stage.panel.world;
    await store.add([aTaskNamed('one'), aTaskNamed('two')], 'test');
    for (const id of ['one', 'two']) await holdForReview(stage.panel.world, id);
    const other = await context.newPage();
    for (const tab of [page, other]) {
      await tab.goto(`${stage.panel.origin}/needs-you`);
      await tab.getByRole('heading', { name: 'Do one' }).waitFor();
    }
    await page.keyboard.press('a');
    await other.getByRole('heading', { name: 'Do two' }).waitFor();
    await other.keyboard.press('a');
    for (const tab of [page, other]) await tab.getByText('Nothing waits for you').waitFor();
    await other.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused', { exact: true }).first().waitFor();
    expect(store.counts().approved).toBe(2);
  });

  it('shows the way of a change through its gates, with what each rests on and whose word it was', async () => {
    const { page, complaints } = stage.watched;
    const { store } = stage.panel.world;
    await store.add([aTaskNamed('change', { gates: true })], 'test');
    await holdForReview(stage.panel.world, 'change');
    await page.goto(`${stage.panel.origin}/tasks/change`);
    await page.getByRole('heading', { name: 'Do change' }).waitFor();
    expect(await page.getByRole('region', { name: 'Gates' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Approve' }).click();
    const gates = page.getByRole('region', { name: 'Gates' }).getByRole('listitem');
    await gates.filter({ hasText: 'End to end' }).getByText('Passed').waitFor();
    expect(await gates.allInnerTexts()).toEqual([
      expect.stringMatching(/Blind vote[\s\S]*Passed[\s\S]*You[\s\S]*For it: approved by a person/),
      expect.stringMatching(/QA[\s\S]*Passed[\s\S]*You/),
      expect.stringMatching(/Unit tests[\s\S]*Passed[\s\S]*on the person's word/),
      expect.stringMatching(/Integration[\s\S]*Passed[\s\S]*on the person's word/),
      expect.stringMatching(/End to end[\s\S]*Passed[\s\S]*on the person's word/),
    ]);
    expect(complaints).toEqual([]);
  });

  it("changes a waiting task, with the contract's message at the field", async () => {
    const { page } = stage.watched;
    await stage.panel.world.store.add([aTaskNamed('draft')], 'test');
    await page.goto(`${stage.panel.origin}/tasks/draft`);
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit draft' });
    await dialog.getByLabel('Max budget').fill('-1');
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await dialog.getByText(/expected number to be >=0/i).waitFor();
    await dialog.getByLabel('Max budget').fill('0.25');
    await dialog.getByLabel('Prompt').fill('Do it with care');
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('heading', { name: 'Do it with care' }).waitFor();
    expect(stage.panel.world.store.get('draft')?.task).toMatchObject({ prompt: 'Do it with care', max_budget: 0.25 });
  });

  it('imports a file all or none, and cancels and retries many with their count', async () => {
    const { page } = stage.watched;
    await page.goto(`${stage.panel.origin}/tasks?import=1`);
    const dialog = page.getByRole('dialog', { name: 'Import tasks' });
    const file = (content: string) => ({ name: 'tasks.jsonl', mimeType: 'application/json', buffer: Buffer.from(content) });
    await dialog.locator('input[type=file]').setInputFiles(file('{"id":"one","prompt":"One"}\n{"id":"bad"}\n'));
    await dialog
      .getByText(/line 2/)
      .first()
      .waitFor();
    expect(stage.panel.world.store.counts().total).toBe(0);
    await dialog.locator('input[type=file]').setInputFiles(file('{"id":"one","prompt":"One"}\n{"id":"two","prompt":"Two"}\n'));
    await page.getByText('Added 2 tasks').waitFor();
    await page.getByRole('checkbox', { name: 'Select all that are loaded' }).check();
    await page.getByRole('button', { name: 'Cancel 2' }).click();
    const sure = page.getByRole('dialog', { name: 'Cancel 2 tasks?' });
    await sure.getByRole('button', { name: 'Cancel 2' }).click();
    await page.getByText('Cancelled 2 tasks').waitFor();
    expect(stage.panel.world.store.counts().cancelled).toBe(2);
    await page.getByRole('checkbox', { name: 'Select all that are loaded' }).check();
    await page.getByRole('button', { name: 'Retry 2' }).click();
    await page.getByRole('dialog', { name: 'Retry 2 tasks?' }).getByRole('button', { name: 'Retry 2' }).click();
    await page.getByText('Queued again: 2 tasks').waitFor();
    expect(stage.panel.world.store.counts().queued).toBe(2);
  });

  it('keeps a list of five thousand short on the page, and loads older ones on the way down', async () => {
    const { page } = stage.watched;
    const tasks = Array.from({ length: 5000 }, (_, index) => aTaskNamed(`t${index}`));
    await stage.panel.world.store.add(tasks, 'test');
    await page.goto(`${stage.panel.origin}/tasks`);
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
    const { page } = stage.watched;
    await stage.panel.world.store.add(
      Array.from({ length: 400 }, (_, index) => aTaskNamed(`n${index}`)),
      'test',
    );
    await page.goto(`${stage.panel.origin}/log`);
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
    const { page } = stage.watched;
    await page.goto(`${stage.panel.origin}/budget`);
    await page.getByRole('button', { name: 'Reset the count' }).click();
    await page.getByRole('dialog', { name: 'Start counting from zero?' }).getByRole('button', { name: 'Reset' }).click();
    await page.getByText('Counted from zero').waitFor();
    expect(stage.panel.world.budget.state().since).not.toBe('');
  });
});
