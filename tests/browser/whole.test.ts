import { rm } from 'node:fs/promises';
import { type ModelServer, requires, startModelServer } from '@vivarium/core/testing';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { aTaskNamed, type TestPanel, TOKEN, testPanel } from '../e2e/panel-kit.ts';
import { type Child, end, startProgram } from '../faults/kit/processes.ts';
import { builtPage, openBrowser, type Watched, watchedPage } from './browser-kit.ts';

const PATIENCE = { timeout: 60_000, interval: 50 };

describe.runIf(requires('chromium'))('The panel before a real API, a real worker and a model', () => {
  let browser: Browser;
  let dist: string;
  let model: ModelServer;
  let panel: TestPanel;
  let watched: Watched;
  let env: Record<string, string>;
  let children: Child[];

  beforeAll(async () => {
    [browser, dist] = await Promise.all([openBrowser(), builtPage()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await rm(dist, { recursive: true, force: true });
  });
  beforeEach(async () => {
    model = await startModelServer();
    const away = await testPanel({ dist });
    env = {
      VIVARIUM_WORKSPACE: away.workspace,
      VIVARIUM_API_PORT: '0',
      VIVARIUM_INTERNAL_EXECUTION_TOKEN: TOKEN,
      VIVARIUM_PROVIDER: 'groq',
      GROQ_API_KEY: 'gsk_key_of_the_browser_tests',
      GROQ_BASE_URL: model.groqBaseUrl,
      VIVARIUM_LOG_LEVEL: 'warn',
    };
    children = [];
    const line = await launch('api', []);
    const apiPort = Number(/:(\d+)/.exec(line)?.[1]);
    env['VIVARIUM_API_PORT'] = String(apiPort);
    const { workspace, port } = away;
    await away.close();
    await away.world.close();
    panel = await testPanel({ workspace, port, apiPort, dist });
    watched = await watchedPage(browser, panel.origin);
    watched.page.setDefaultTimeout(60_000);
  }, 120_000);
  afterEach(async () => {
    await watched.context.close();
    for (const child of children) {
      end(child.process);
      await child.exit;
    }
    await panel.remove();
    await model.close();
  });

  /** Start a process; resolves with the line in which it says that it serves. */
  function launch(name: 'api' | 'worker', args: readonly string[], more: Record<string, string> = {}): Promise<string> {
    const child = startProgram(name, args, { env: { ...env, ...more } });
    children.push(child);
    return child.line((said) => /ready/i.test(said));
  }

  it('adds a task on the page, watches it become approved, and shows what each phase of it took', async () => {
    const { page, complaints } = watched;
    await launch('worker', ['run']);
    await page.goto(`${panel.origin}/tasks`);
    await page.getByText('No task yet').waitFor();
    await page.keyboard.press('c');
    const add = page.getByRole('dialog', { name: 'Add task' });
    await add.getByLabel('Prompt').fill('Write about the workspace');
    await add.getByRole('button', { name: 'Add task' }).click();
    const row = page.getByRole('row', { name: /Write about the workspace/ });
    await row.getByText('Approved').waitFor();
    await row.getByRole('link', { name: 'Write about the workspace' }).click();
    const went = page.getByRole('region', { name: 'How it went' });
    for (const phase of ['Safety', 'Intent', 'Decomposition', 'Routing', 'Execution', 'Model', 'Review', 'Critic'])
      await went.getByText(phase, { exact: true }).waitFor();
    const events = panel.world.store.history(panel.world.store.list().records[0]!.task.id);
    const executed = events.find((event) => event.event === 'task_executed');
    expect(Object.keys(executed?.outcome.phase_ms ?? {})).toEqual(
      expect.arrayContaining(['safety', 'tool-routing', 'execution']),
    );
    expect(complaints).toEqual([]);
  });

  it('takes the reason of a rejection to the next attempt, and shows both side by side', async () => {
    const { page, complaints } = watched;
    model.handle(({ body }) =>
      JSON.stringify(body['messages']).includes('Name your sources') ? 'A text.\n\nSource: the map.' : 'A text.',
    );
    await launch('worker', ['run'], { VIVARIUM_APPROVAL: 'human' });
    await page.goto(`${panel.origin}/needs-you`);
    await page.getByText('Nothing waits for you').waitFor();
    await page.keyboard.press('c');
    const add = page.getByRole('dialog', { name: 'Add task' });
    await add.getByLabel('Prompt').fill('Write about the workspace');
    await page.keyboard.press('Control+Enter');
    const list = page.getByRole('list', { name: 'What waits for you' });
    await list.getByRole('button', { name: /Write about the workspace/ }).waitFor();
    await page.getByText('A text.').waitFor();
    await page.keyboard.press('r');
    await page.keyboard.type('Name your sources');
    await page.keyboard.press('Control+Enter');
    await page
      .getByText(/Source: the map/)
      .first()
      .waitFor();
    await page.getByText('What changed since the attempt before').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('a');
    await page.getByText('Nothing waits for you').waitFor();
    const [record] = panel.world.store.list().records;
    expect(record).toMatchObject({ status: 'approved', attempt: 2 });
    expect(complaints).toEqual([]);
  });

  it('halts: the running call is aborted, nothing starts, and it goes on after Resume', async () => {
    const { page } = watched;
    model.handle(() => ({ hang: true }));
    await page.goto(`${panel.origin}/settings`);
    await page.getByText('No worker runs').waitFor();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByText('Running', { exact: true }).nth(1).waitFor();
    await panel.world.store.add([aTaskNamed('slow', { prompt: 'Think for a long time', timeout: 120 })], 'test');
    await model.waitForCalls(1);
    await page.goto(panel.origin);
    await page.getByRole('region', { name: 'At work now' }).getByText('Think for a long time').waitFor();
    await page.getByRole('button', { name: 'Halt' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Halt' }).click();
    await page.getByText('Halted', { exact: true }).first().waitFor();
    await vi.waitFor(() => expect(model.aborted).toBe(1), PATIENCE);
    await page.getByText('Nothing runs while everything stands still').waitFor();
    const calls = model.calls;
    model.handle(({ schemaName }) => (schemaName === 'critic_verdict' ? APPROVE : 'Thought.'));
    await page.getByRole('button', { name: 'Resume' }).click();
    await vi.waitFor(() => expect(panel.world.store.get('slow')?.status).toBe('approved'), PATIENCE);
    expect(model.calls).toBeGreaterThan(calls);
    await page.goto(`${panel.origin}/settings`);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByText('Ended', { exact: true }).waitFor();
    expect(panel.world.workers.heartbeats().filter(({ live }) => live)).toEqual([]);
  });

  it('tests the model with one press, and lets the doctor look', async () => {
    const { page } = watched;
    model.handle(() => 'ready');
    await page.goto(`${panel.origin}/settings`);
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText(/Works: .* answered: ready/).waitFor();
    await page.getByRole('button', { name: 'Examine', exact: true }).click();
    await page.getByText(/checks are fine/).waitFor();
    expect(model.calls).toBe(1);
  });
});

const APPROVE = JSON.stringify({ verdict: 'APPROVE', confidence: 0.95, issues: [], suggestions: [] });
