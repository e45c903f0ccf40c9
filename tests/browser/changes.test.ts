import { requires } from '@vivarium/core/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { propose, sampleProject, standing, throughGates, witness } from '../../scripts/demo/world/changes.ts';
import { settle } from '../../scripts/demo/world/people.ts';
import { holdToLand } from '../../scripts/demo/world/tasks.ts';
import { axeFindings } from './axe.ts';
import { shown } from './browser-kit.ts';
import { browserStage } from './kit.ts';

const ROUND = 'export const round = (amount) => Math.round(amount * 100) / 100;\n';
const TEST = "import { test } from 'node:test';\ntest('rounds', () => undefined);\n";

describe.runIf(requires('chromium'))('The pages of changes', () => {
  const stage = browserStage();
  const made = async (edits: Record<string, string | Buffer | null>, more: object = {}) => {
    const { world } = stage.panel;
    const sample = await sampleProject(world);
    const about = {
      task_id: 'mend',
      title: 'Round half a cent up',
      summary: 'Sums were a cent short.',
      by: 'wren',
      edits,
      ...more,
    };
    return { sample, change: await propose(world, sample, about) };
  };
  const open = async (id = 'mend') => {
    const { page } = stage.watched;
    await page.goto(`${stage.panel.origin}/changes/${id}`);
    await page.getByRole('list', { name: 'Changed files' }).waitFor();
    return page;
  };
  const approveButton = (page: Page) => page.getByRole('button', { name: /^Approve / });
  const now = async (id: string) => standing(stage.panel.world, id);

  it('shows what changes file by file, wants each one that asks ticked, and takes the yes for exactly this hash', async () => {
    const { change } = await made({ 'src/round.js': ROUND, 'test/round.test.js': TEST, 'package.json': '{"type":"module"}\n' });
    await throughGates(stage.panel.world, change, { ash: 'It is what was asked' });
    const { page, complaints } = stage.watched;
    await page.goto(`${stage.panel.origin}/changes`);
    await page.getByRole('link', { name: 'Round half a cent up' }).click();
    const button = approveButton(page);
    await button.getByText(change.entries_sha256.slice(0, 16)).waitFor();
    expect(await button.isDisabled()).toBe(true);
    await page.getByText('First look at, and tick: package.json, test/round.test.js').waitFor();
    await page.getByRole('checkbox', { name: 'Seen: package.json' }).check();
    expect(await button.isDisabled()).toBe(true);
    await page.getByRole('button', { name: /round\.test\.js/ }).click();
    await page.getByRole('region', { name: 'Difference of test/round.test.js' }).getByText("test('rounds'").waitFor();
    await page.getByRole('button', { name: 'Mark as seen' }).click();
    await page.reload();
    await page.getByText('2 of 3 seen').waitFor();
    await button.click();
    await page.getByText(/You approved/).waitFor();
    expect((await now(change.change_id)).approval).toMatchObject({
      entries_sha256: change.entries_sha256,
      tree: change.tree,
      by: 'human',
    });
    expect(complaints).toEqual([]);
  });

  it('is worked through by keyboard: next file, seen, two columns, and approve only once all is seen', async () => {
    const { change } = await made({ 'src/round.js': ROUND, 'test/a.test.js': TEST });
    const page = await open();
    await page.getByRole('heading', { name: 'src/round.js' }).waitFor();
    await page.keyboard.press('a');
    await page.getByRole('heading', { name: 'test/a.test.js' }).waitFor();
    await page.getByText('Not every file that asks you is ticked as seen').waitFor();
    await page.keyboard.press('k');
    await page.getByRole('heading', { name: 'src/round.js' }).waitFor();
    await page.keyboard.press('d');
    await page.getByRole('button', { name: 'Side by side', pressed: true }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('s');
    await page.getByText('1 of 2 seen').waitFor();
    expect((await now(change.change_id)).approval).toBeUndefined();
    await page.keyboard.press('a');
    await page.getByText(/You approved/).waitFor();
    expect((await now(change.change_id)).approval?.by).toBe('human');
  });

  it('says what moved when it did meanwhile, approves nothing, and wants it to be looked at anew', async () => {
    const { sample, change } = await made({ 'src/round.js': ROUND, 'test/a.test.js': TEST });
    const page = await open();
    await page.getByRole('checkbox', { name: 'Seen: test/a.test.js' }).check();
    await page.route('**/approve', async (request) => {
      await moveOn(sample, change.change_id);
      await request.continue();
    });
    await approveButton(page).click();
    const moved = page.getByRole('alert').filter({ hasText: 'It moved while you looked' });
    await moved.getByText('Changed since: test/a.test.js').waitFor();
    expect((await now(change.change_id)).approval).toBeUndefined();
    expect(await approveButton(page).isDisabled()).toBe(true);
    await moved.getByRole('button', { name: 'Look at it as it is' }).click();
    await page.getByText('0 of 2 seen').waitFor();
    await page.getByText('First look at, and tick: test/a.test.js').waitFor();
    const fresh = await now(change.change_id);
    await approveButton(page).getByText(fresh.entries_sha256.slice(0, 16)).waitFor();
  });

  /** Tests were added to it by somebody else. */
  async function moveOn({ project, store }: Awaited<ReturnType<typeof sampleProject>>, change_id: string) {
    const { filesOf } = await import('@vivarium/changes');
    const change = await now(change_id);
    const oid = await store.write(Buffer.from(`${TEST}// more\n`));
    const tree = await store.treeWith(change.tree, [{ path: 'test/a.test.js', after: { mode: '100644', oid } }]);
    const patch = await filesOf(store, project, change.base_tree, tree);
    const changes = await stage.panel.world.whole.changes();
    await changes.record({ event: 'tests_added', actor: 'ash', by: 'ash', change_id, tree, ...patch });
  }

  it('is turned down with a reason, and with none it is not', async () => {
    const { change } = await made({ 'src/round.js': ROUND });
    const page = await open();
    await page.getByRole('button', { name: 'Reject' }).click();
    const dialog = page.getByRole('dialog', { name: /^Reject/ });
    await dialog.getByRole('button', { name: 'Reject' }).click();
    await dialog.getByText('Say why').waitFor();
    await dialog.getByLabel('Reason').fill('Name the tax rule');
    await dialog.getByRole('button', { name: 'Reject' }).click();
    await page.getByText('Rejected', { exact: true }).first().waitFor();
    expect(await now(change.change_id)).toMatchObject({
      phase: 'rejected',
      reasons: [expect.stringContaining('Name the tax rule')],
    });
    expect(await approveButton(page).count()).toBe(0);
  });

  it('draws what nobody would see as marks, and nothing of a file as markup', async () => {
    const trap = '<img src=x onerror="window.owned = true"> [link](https://example.org) https://example.org';
    await made({ 'docs/trap.md': `a\u202eb ad\u200cmin p\u0430ypal\n${trap}\n`, 'src/logo.bin': Buffer.from([0, 1, 2]) });
    const page = await open();
    const difference = page.getByRole('region', { name: 'Difference of docs/trap.md' });
    await difference.getByText(trap).waitFor();
    expect(await difference.locator('mark').allTextContents()).toEqual(['U+202E', 'ZWNJ', 'а U+0430']);
    expect(await page.locator('main img, main section a[href^=http]').count()).toBe(0);
    expect(await page.evaluate('window.owned')).toBeUndefined();
    await page.keyboard.press('j');
    await page.getByText('It is not a text').waitFor();
    expect([stage.watched.complaints, stage.watched.foreign]).toEqual([[], []]);
  });

  it('stays quick with ten thousand lines, on a phone too, and axe finds nothing', async () => {
    const long = Array.from({ length: 10_000 }, (_, at) => `export const line_${at} = ${at};`).join('\n');
    const { change } = await made({ 'src/long.js': long, 'src/wide.js': `${'x'.repeat(100_000)}\n`, 'test/a.test.js': TEST });
    await witness(stage.panel.world, change, { 'adds the lines': ['passed', 'failed', 'passed'] });
    const page = await open();
    for (const viewport of [
      { width: 1360, height: 900 },
      { width: 375, height: 812 },
    ]) {
      await page.setViewportSize(viewport);
      const difference = page.getByRole('region', { name: 'Difference of src/long.js' });
      await difference.getByText('line_0 = 0').waitFor();
      const took = await difference.evaluate(async (box) => {
        const began = performance.now();
        box.scrollTo(0, box.scrollHeight);
        while (!box.textContent?.includes('line_9999')) await new Promise((next) => setTimeout(next, 5));
        return performance.now() - began;
      });
      expect(took).toBeLessThan(1_500);
      expect(await difference.locator('[data-index]').count()).toBeLessThan(200);
      await difference.evaluate((box) => box.scrollTo(0, 0));
      expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      expect(await axeFindings(page)).toEqual([]);
    }
  });

  it('takes a task for a project, with the paths and the kind of its change', async () => {
    await sampleProject(stage.panel.world);
    const { page, complaints } = stage.watched;
    await page.goto(`${stage.panel.origin}/tasks`);
    await page.getByText('No task yet').waitFor();
    await page.keyboard.press('c');
    const dialog = page.getByRole('dialog', { name: 'Add task' });
    await dialog.getByLabel('Prompt').fill('Mend the rounding');
    await dialog.getByText(/^More/).click();
    await dialog.getByLabel('Project').selectOption('invoice');
    await dialog.getByLabel('Kind of change').selectOption('fix');
    await dialog.getByLabel('Only these paths').fill('src/**, test/**');
    await dialog.getByRole('button', { name: 'Add task' }).click();
    await page.getByRole('row', { name: /Mend the rounding/ }).waitFor();
    const [record] = stage.panel.world.store.list({ limit: 1 }).records;
    expect(record?.task).toMatchObject({ project: 'invoice', kind: 'fix', paths: ['src/**', 'test/**'], gates: true });
    expect(complaints).toEqual([]);
  });

  it('leads from what waits to the change, and says whose edits are in the way', async () => {
    const { change } = await made({ 'src/round.js': ROUND });
    await settle(stage.panel.world);
    await throughGates(stage.panel.world, change, { ash: 'It is what was asked' });
    await holdToLand(stage.panel.world, 'mend', 'wren', 'your edits are in the way: src/round.js');
    const { page } = stage.watched;
    await page.goto(`${stage.panel.origin}/needs-you`);
    await page.getByText('your edits are in the way: src/round.js').waitFor();
    await page.keyboard.press('a');
    await page.waitForURL('**/changes/mend');
    await shown(page, 'Ready to land');
    expect((await now(change.change_id)).approval).toBeUndefined();
  });
});
