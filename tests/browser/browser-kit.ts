import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

export const CHROMIUM = '/usr/bin/chromium';

/** Chromium that asks nobody but the panel for anything. */
export function openBrowser(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return chromium.launch({ executablePath: CHROMIUM, headless: true, args: [...args, ...quiet] });
}

/** Why browser tests cannot run here; undefined when they can. A run that requires Chromium fails instead of skipping. */
export function noBrowser(): string | undefined {
  if (existsSync(CHROMIUM)) return undefined;
  const required = (process.env['VIVARIUM_TEST_REQUIRE'] ?? '').split(',').includes('chromium');
  if (required) throw new Error(`VIVARIUM_TEST_REQUIRE names chromium, and there is none at ${CHROMIUM}`);
  return `there is no Chromium at ${CHROMIUM}; install it with: apt-get install chromium`;
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

/** Where pictures go that a person looks at. */
export function pictureFolder(): Promise<string> {
  const given = process.env['VIVARIUM_TEST_PICTURES'];
  return given ? Promise.resolve(given) : mkdtemp(join(tmpdir(), 'vivarium-pictures-'));
}
