import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** Why nothing can be measured in a browser here, if so. */
export const noBrowser = existsSync(CHROMIUM) ? undefined : `${CHROMIUM} is not there`;

/** Give one page of a fresh browser to a measurement. */
export async function inBrowser<T>(work: (page: Page) => Promise<T>): Promise<T> {
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    return await work(await browser.newPage({ viewport: { width: 1360, height: 900 } }));
  } finally {
    await browser.close();
  }
}
