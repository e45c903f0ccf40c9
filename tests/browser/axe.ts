import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Every rule; or those that rest on colours, for a page that was looked at whole in another theme. */
export type Rules = 'all' | 'colours';

/** What axe holds against the page as it stands, under its own strict policy: rule and places. */
export async function axeFindings(page: Page, rules: Rules = 'all'): Promise<string[]> {
  if (!(await page.evaluate<boolean>('"axe" in globalThis'))) await page.evaluate(AXE);
  // Nothing is asked but what is wrong, and no style sheet is fetched again for rules that are not on.
  const only = rules === 'colours' ? { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } } : {};
  const options = JSON.stringify({ resultTypes: ['violations'], preload: false, ...only });
  return page.evaluate(`axe.run(document, ${options}).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ' ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`);
}
