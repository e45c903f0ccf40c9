import { requires } from '@vivarium/core/testing';
import { describe, expect, it } from 'vitest';
import { scriptWorld } from '../../scripts/demo/world/work.ts';
import { aTaskNamed, holdForReview, testPanel } from '../e2e/panel-kit.ts';
import { fakeApi, READY } from './fake-api.ts';
import { browserStage } from './kit.ts';

describe.runIf(requires('chromium'))('The panel in a browser', () => {
  const stage = browserStage();

  it('adds a task from the keyboard and lists it while it is worked on', async () => {
    const { page, complaints, foreign } = stage.watched;
    await page.goto(`${stage.panel.origin}/tasks`);
    await page.getByText('No task yet').waitFor();
    await page.keyboard.press('c');
    const dialog = page.getByRole('dialog', { name: 'Add task' });
    await dialog.getByLabel('Prompt').fill('Water the ferns');
    await dialog.getByText('More: command').click();
    await dialog.getByLabel('Id', { exact: true }).fill('water-ferns');
    await dialog.getByRole('button', { name: 'Add task' }).click();
    const row = page.getByRole('row', { name: /Water the ferns/ });
    await row.getByText('Waiting').waitFor();
    await stage.panel.world.store.claim({ worker_id: 'w', limit: 1, assign: () => ({ resident_id: 'wren' }) });
    await row.getByText('Working').waitFor();
    expect(stage.panel.world.store.get('water-ferns')?.task.prompt).toBe('Water the ferns');
    expect([complaints, foreign]).toEqual([[], []]);
  });

  it("shows the contract's message at the field and keeps what was typed through a reload", async () => {
    const { page } = stage.watched;
    await page.goto(stage.panel.origin);
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
    const { page, complaints } = stage.watched;
    await stage.panel.world.store.add([aTaskNamed('good'), aTaskNamed('weak')], 'test');
    await holdForReview(stage.panel.world, 'good');
    await holdForReview(stage.panel.world, 'weak');
    await page.goto(stage.panel.origin);
    const needsYou = page.getByRole('region', { name: 'Needs you' });
    const item = (name: string) => needsYou.getByRole('listitem').filter({ hasText: name });
    await item('Do good').getByRole('button', { name: 'Approve' }).click();
    await item('Do good').waitFor({ state: 'detached' });
    expect(stage.panel.world.store.get('good')?.status).toBe('approved');
    await item('Do weak').getByRole('button', { name: 'Reject' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('Name your sources');
    await dialog.getByRole('button', { name: 'Reject' }).click();
    await needsYou.getByText('Nothing waits for you.').waitFor();
    expect(stage.panel.world.store.get('weak')?.feedback?.issues).toEqual(['Name your sources']);
    expect(complaints).toEqual([]);
  });

  it('halts after one question that says what happens, and resumes', async () => {
    const { page } = stage.watched;
    await page.goto(stage.panel.origin);
    await page.getByRole('button', { name: 'Halt' }).click();
    const dialog = page.getByRole('dialog', { name: 'Halt everything?' });
    await dialog.getByText(/aborted/).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(stage.panel.world.switches.state()).toBe('running');
    await page.getByRole('button', { name: 'Halt' }).click();
    await dialog.getByRole('button', { name: 'Halt' }).click();
    await page.getByText('Halted', { exact: true }).first().waitFor();
    expect(stage.panel.world.switches.state()).toBe('halted');
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Running', { exact: true }).waitFor();
    expect(stage.panel.world.switches.state()).toBe('running');
  });

  it('takes a Groq key where the model is missing, and never shows it again', async () => {
    const away = await fakeApi({ ...READY, name: 'none', state: 'absent', detail: 'No model', fix: 'Add a Groq key' });
    const lonely = await testPanel({ apiPort: away.port, dist: stage.dist });
    const { page } = stage.watched;
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
    const { page } = stage.watched;
    await page.goto(`${stage.panel.origin}/tasks`);
    await page.getByText('No task yet').waitFor();
    stage.panel = await stage.panel.restart();
    await stage.panel.world.store.add([aTaskNamed('meanwhile')], 'test');
    await page.getByRole('row', { name: /Do meanwhile/ }).waitFor();
    await stage.panel.world.store.add([aTaskNamed('afterwards')], 'test');
    await page.getByRole('row', { name: /Do afterwards/ }).waitFor();
  });

  it("shows a resident's text as text: no script runs, no picture is fetched, no trap is a link", async () => {
    const { page, complaints, foreign } = stage.watched;
    await scriptWorld(stage.panel.world);
    await page.goto(`${stage.panel.origin}/tasks/map-runtime`);
    await page.getByRole('heading', { name: 'Repository summary' }).waitFor();
    await page.getByRole('region', { name: 'Output' }).getByText("alert('never runs')").waitFor();
    expect(await page.getByRole('link', { name: 'the site' }).getAttribute('rel')).toContain('noreferrer');
    expect(await page.getByRole('link', { name: 'a trap' }).count()).toBe(0);
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect([complaints, foreign]).toEqual([[], []]);
  });
});
