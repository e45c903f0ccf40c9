import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { compileWhenStale } from '../scripts/lib/compile.mjs';
import { inBrowser } from './kit/browser.ts';
import { BenchChild } from './kit/child.ts';
import { rssOf, Service } from './kit/service.ts';
import { connected } from './kit/tab.ts';
import { inWorld } from './kit/world.ts';

const BUSY_S = 10;

export interface PanelFigures {
  /** From the start of the process to its ready line. */
  readonly start_ms: number;
  /** First contentful paint of Today, and until what the world holds stands there. */
  readonly paint_ms: number;
  readonly shown_ms: number;
  /** The longest gap between two frames while events pour in, and how many a second did. */
  readonly longest_frame_ms: number;
  readonly events_per_s: number;
  /** Memory of the server with so many tabs connected, at rest and after the busy time. */
  readonly tabs_mb: number;
  readonly tabs_busy_mb: number;
}

/** One panel over a long history: how soon it is there, how it paints, what a busy time and many tabs do to it. */
export async function panelFigures(size: {
  queued: number;
  finished: number;
  tabs: number;
  rate: number;
}): Promise<PanelFigures> {
  // As `npm start` runs it: compiled, which takes less memory than through a loader.
  const entry = await compileWhenStale();
  return inWorld(size, async (folder) => {
    const begun = performance.now();
    const env = { VIVARIUM_WORKSPACE: folder, VIVARIUM_CONTROL_PANEL_PORT: '0', VIVARIUM_API_PORT: '9' };
    const panel = new Service(entry('control-panel'), [], env);
    const origin = /http:\S+\d/.exec(await panel.line(/ready at/))?.[0] ?? '';
    const start_ms = performance.now() - begun;
    try {
      const seen = await inBrowser(async (page) => {
        const painted = await paint(page, origin);
        return { ...painted, ...(await busy(page, folder, size.rate)) };
      });
      return { start_ms, ...seen, ...(await manyTabs(panel, origin, folder, size)) };
    } finally {
      await panel.stop();
    }
  });
}

async function paint(page: Page, origin: string): Promise<{ paint_ms: number; shown_ms: number }> {
  await page.goto(origin);
  await page.getByRole('region', { name: 'At work now' }).getByText('No worker is running').waitFor();
  const shown_ms = await page.evaluate<number>('performance.now()');
  const paint_ms = await page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0].startTime");
  return { paint_ms, shown_ms };
}

/** The page counts its own frames while another process makes things happen. */
async function busy(page: Page, folder: string, rate: number): Promise<{ longest_frame_ms: number; events_per_s: number }> {
  const child = new BenchChild('eventful.ts', [folder, rate, BUSY_S]);
  await child.line();
  await page.evaluate(`(() => {
    let last = performance.now();
    globalThis.longest = 0;
    const frame = (now) => { globalThis.longest = Math.max(globalThis.longest, now - last); last = now; requestAnimationFrame(frame); };
    requestAnimationFrame(frame);
  })()`);
  child.say('go');
  const { events, took_s } = JSON.parse(await child.line());
  await page
    .getByText(`busy-${BUSY_S * 10 - 1}-`)
    .first()
    .waitFor();
  return { longest_frame_ms: await page.evaluate<number>('globalThis.longest'), events_per_s: events / took_s };
}

/** Tabs as the server sees them: a socket that gets everything, and the questions that Today asks. */
async function manyTabs(
  panel: Service,
  origin: string,
  folder: string,
  { tabs, rate }: { tabs: number; rate: number },
): Promise<{ tabs_mb: number; tabs_busy_mb: number }> {
  const sockets = await Promise.all(Array.from({ length: tabs }, () => connected(origin)));
  await Promise.all(sockets.map(async () => (await fetch(`${origin}/api/trend?hours=6`)).text()));
  await sleep(2000);
  const tabs_mb = rssOf(panel);
  const child = new BenchChild('eventful.ts', [folder, rate, BUSY_S / 2]);
  await child.line();
  child.say('go');
  await child.line();
  const tabs_busy_mb = rssOf(panel);
  for (const socket of sockets) socket.close();
  return { tabs_mb, tabs_busy_mb };
}
