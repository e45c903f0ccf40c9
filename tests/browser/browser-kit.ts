import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** Chromium that asks nobody but the panel for anything. */
export function openBrowser(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return chromium.launch({ executablePath: CHROMIUM, headless: true, args: [...args, ...quiet] });
}

export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors and warnings of the console, failed policies included. */
  readonly complaints: string[];
  /** Every address asked for outside the panel. */
  readonly foreign: string[];
}

/** A page whose console and requests are watched from its first moment. */
export async function watchedPage(
  browser: Browser,
  origin: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const [complaints, foreign]: [string[], string[]] = [[], []];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  const isForeign = (url: string) =>
    !url.startsWith(origin) && !url.startsWith(origin.replace('http', 'ws')) && !url.startsWith('data:');
  page.on('request', (request) => isForeign(request.url()) && foreign.push(request.url()));
  page.on('websocket', (socket) => isForeign(socket.url()) && foreign.push(socket.url()));
  return { page, context, complaints, foreign };
}

/** Wait, looked at with every frame, until the page's main part shows these words and nothing in it is still loading. */
export async function shown(page: Page, words: string, patienceMs = 15_000): Promise<void> {
  const seen = await page.evaluate<boolean>(`new Promise((settle) => {
    const end = performance.now() + ${patienceMs};
    const look = () => {
      const main = document.querySelector('main');
      if (main?.innerText.includes(${JSON.stringify(words)}) && !main.querySelector('.skeleton')) settle(true);
      else if (performance.now() > end) settle(false);
      else requestAnimationFrame(look);
    };
    look();
  })`);
  if (!seen) throw new Error(`“${words}” is not shown on ${page.url()}: ${await page.locator('main').textContent()}`);
}

const PACKAGE = resolve(dirname(fileURLToPath(import.meta.url)), '../../packages/control-panel');

/** The page, built afresh from its source into a folder of its own. */
export async function builtPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vivarium-page-'));
  const vite = join(PACKAGE, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', 'web', '--outDir', folder, '--emptyOutDir', '--logLevel', 'error'];
  await promisify(execFile)(process.execPath, args, { cwd: PACKAGE });
  return folder;
}

/** Where pictures go that a person looks at. */
export function pictureFolder(): Promise<string> {
  const given = process.env['VIVARIUM_TEST_PICTURES'];
  return given ? Promise.resolve(given) : mkdtemp(join(tmpdir(), 'vivarium-pictures-'));
}
