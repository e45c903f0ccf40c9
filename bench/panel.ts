/** `pnpm bench:panel`: what the panel costs and how quick it is over 100,000 tasks. `--runs` repeats it, `--scale` shrinks it. */
import { parseArgs } from 'node:util';
import { noBrowser } from './kit/browser.ts';
import { Report } from './kit/report.ts';
import { panelFigures } from './rows-panel.ts';

const { values: flags } = parseArgs({
  options: { runs: { type: 'string', default: '3' }, scale: { type: 'string', default: '1' } },
});
const many = (count: number) => Math.max(100, Math.round(count * Number(flags.scale)));
const SIZE = { queued: many(50_000), finished: many(50_000), tabs: 50, rate: 500 };
const ROWS = [
  ['start_ms', 'panel, start with 100,000 tasks', 'ms', '<= 2500'],
  ['paint_ms', 'Today, first paint with 100,000 tasks', 'ms', '<= 1000'],
  ['shown_ms', 'Today, the world stands there', 'ms', '<= 1000'],
  ['events_per_s', 'events while frames are counted', '/s', '500'],
  ['longest_frame_ms', 'longest gap between two frames meanwhile', 'ms', '<= 200'],
  ['tabs_mb', 'server memory, 50 tabs connected', 'MB', '<= 250'],
  ['tabs_busy_mb', 'server memory, 50 tabs, 500 events a second', 'MB', '<= 250'],
] as const;

const report = new Report();
for (let run = 0; run < Number(flags.runs) && noBrowser === undefined; run += 1) {
  const figures = await panelFigures(SIZE);
  for (const [key, name, unit, target] of ROWS) report.add({ name, unit, target }, figures[key]);
}
if (noBrowser) for (const [, name, unit] of ROWS) report.add({ name, unit, skipped: noBrowser });
process.stdout.write(`${report.table()}\n`);
