import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { PAGES } from './pages.ts';

const CHROMIUM = '/usr/bin/chromium';
const WIDE = { width: 1280, height: 800 };
const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: 'light', viewport: WIDE },
  dark: { colorScheme: 'dark', viewport: WIDE },
  mobile: { colorScheme: 'light', viewport: { width: 375, height: 812 }, isMobile: true },
};
const QUALITY = 72;
/** A picture shows a page's beginning; what is far below tells nothing new. */
const TALLEST = 1500;
/** Tasks that end or come to rest by themselves, and how they end. */
const SETTLED: Readonly<Record<string, string>> = {
  'release-note': 'approved',
  'next-steps': 'approved',
  'shelf-guide': 'approved',
  'health-json': 'approved',
  'tea-plan': 'failed',
  'house-rules': 'pending_review',
  'risk-report': 'approved',
};
const PATIENCE_MS = 180_000;
/** Settles once every chart has drawn something, and that is on the screen; a chart draws anew when its width is another. */
const CHARTS_DRAWN = `new Promise((settle) => {
  const drawn = (canvas) => canvas.width > 0 && canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean);
  const look = () => {
    const charts = [...document.querySelectorAll('main figure[role=img]')];
    const ready = charts.every((chart) => [...chart.querySelectorAll('canvas')].some(drawn));
    requestAnimationFrame(ready ? settle : look);
  };
  requestAnimationFrame(look);
})`;

/** Take a picture of every page of the scripted world at `origin` in light, dark and on a phone, as WebP files in `folder`. */
async function main(origin: string, folder: string): Promise<void> {
  await untilSettled(origin);
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (name.endsWith('.webp')) rmSync(join(folder, name));
  const bounty = await firstBounty(origin);
  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: ['--no-sandbox', '--disable-gpu'] });
  for (const [look, options] of Object.entries(LOOKS)) {
    const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    for (const [name, path, sign] of PAGES) {
      await page.goto(`${origin}${path.replace('BOUNTY', bounty)}`, { waitUntil: 'networkidle' });
      await page.getByRole('main').getByText(sign).filter({ visible: true }).first().waitFor();
      await page.locator('main .skeleton').first().waitFor({ state: 'detached' });
      await page.evaluate('document.fonts.ready.then(() => true)');
      writeFileSync(join(folder, `${name}-${look}.webp`), await picture(page));
    }
    await context.close();
    process.stderr.write(`[vivarium] ${PAGES.length} pages, ${look}\n`);
  }
  await browser.close();
}

/** The page as WebP, which the browser's own protocol can write and Playwright's cannot. */
async function picture(page: Page): Promise<Buffer> {
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  const { width = WIDE.width, height: least = WIDE.height } = page.viewportSize() ?? {};
  await page.setViewportSize({ width, height: Math.min(TALLEST, Math.max(least, height)) });
  await page.evaluate(CHARTS_DRAWN);
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  await session.detach();
  await page.setViewportSize({ width, height: least });
  return Buffer.from(data, 'base64');
}

async function untilSettled(origin: string): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  for (const [id, wanted] of Object.entries(SETTLED)) {
    for (let status = ''; status !== wanted; await sleep(250)) {
      ({ status } = await answer<{ status: string }>(`${origin}/api/tasks/${id}`));
      if (Date.now() > until) throw new Error(`${id} is ${status} where the script expects ${wanted}`);
    }
  }
}

async function firstBounty(origin: string): Promise<string> {
  const rows = await answer<readonly { id: string; teams: readonly unknown[] }[]>(`${origin}/api/bounties`);
  return rows.find(({ teams }) => teams.length > 0)?.id ?? '';
}

async function answer<T>(address: string): Promise<T> {
  const response = await fetch(address);
  return JSON.parse(await response.text());
}

const [origin = '', folder = ''] = process.argv.slice(2);
await main(origin.replace(/\/$/, ''), folder);
