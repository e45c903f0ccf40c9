import { rm } from 'node:fs/promises';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type TestPanel, testPanel } from '../e2e/panel-kit.ts';
import { builtPage, openBrowser, type Watched, watchedPage } from './browser-kit.ts';
import { fakeApi } from './fake-api.ts';

/** A phone, held upright. */
export const MOBILE: BrowserContextOptions = { colorScheme: 'light', viewport: { width: 375, height: 812 } };

export interface Stage {
  /** A panel on a world of its own, before an API that has a model. Put another here, and that one is removed in the end. */
  panel: TestPanel;
  /** A page that is watched from its first moment. */
  watched: Watched;
  browser: Browser;
  /** The folder of the built page. */
  dist: string;
  apiPort: number;
}

/** What every file of browser tests begins with. The browser and the built page are shared by its tests. */
export function browserStage(): Stage {
  let api: Awaited<ReturnType<typeof fakeApi>>;
  const stage = {} as Stage;
  beforeAll(async () => {
    [stage.browser, api, stage.dist] = await Promise.all([openBrowser(), fakeApi(), builtPage()]);
    stage.apiPort = api.port;
  }, 120_000);
  afterAll(async () => {
    await stage.browser?.close();
    api?.close();
    if (stage.dist) await rm(stage.dist, { recursive: true, force: true });
  });
  beforeEach(async () => {
    stage.panel = await testPanel({ apiPort: stage.apiPort, dist: stage.dist });
    stage.watched = await watchedPage(stage.browser, stage.panel.origin);
  });
  afterEach(async () => {
    await stage.watched.context.close();
    await stage.panel.remove();
  });
  return stage;
}
