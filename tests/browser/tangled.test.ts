import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { World } from '@vivarium/control-panel';
import { requires } from '@vivarium/core/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { lexed } from '../../packages/control-panel/web/src/parts/bounded-lexer.ts';
import { act, settle } from '../../scripts/demo/world/people.ts';
import { approve, aTaskNamed, fail, holdForReview } from '../../scripts/demo/world/tasks.ts';
import { REPOSITORY } from '../e2e/worker-kit.ts';
import { shown } from './browser-kit.ts';
import { browserStage } from './kit.ts';
import { TANGLED } from './tangled-texts.ts';

const TEXTS = Object.entries(TANGLED);
/** Of the page's own thread: what other programs take of this machine does not count. */
const MOST_MS = 1000;

describe.runIf(requires('chromium'))('Long, deep and tangled texts', () => {
  const stage = browserStage();

  it('leave the inbox usable: each is shown within a second, and each can be decided', async () => {
    const { page, complaints } = stage.watched;
    const { world } = stage.panel;
    await world.store.add(
      TEXTS.map(([title], at) => aTaskNamed(`t${at}`, { title })),
      'test',
    );
    for (const [at, [, text]] of TEXTS.entries()) await holdForReview(world, `t${at}`, text);
    await page.goto(`${stage.panel.origin}/needs-you`);
    await shown(page, 'Output');
    const busy = await busyTime(page);
    const took: (readonly [string, number])[] = [];
    for (const [title] of TEXTS) {
      const before = await busy();
      expect(await page.evaluate(`(${open})(${JSON.stringify(title)})`)).toBe('Approve');
      took.push([title, (await busy()) - before]);
    }
    expect(slowest(took)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText(`Approved t${TEXTS.length - 1}`).waitFor();
  });

  it('leave every other page usable, and what stands beside them as it is', async () => {
    const { page, complaints } = stage.watched;
    await fill(stage.panel.world);
    const busy = await busyTime(page);
    const took: (readonly [string, number])[] = [];
    for (const [place, words] of PLACES) {
      await page.goto(`${stage.panel.origin}${place}`);
      await shown(page, words);
      took.push([place, await busy()]);
      expect(await page.getByText('could not be drawn').count()).toBe(0);
    }
    expect(slowest(took)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

describe('The bounds of what is laid out', () => {
  it.each(TEXTS)('are found within a tenth of a second: %s', (_name, text) => {
    const tries = [0, 1, 2].map(() => {
      const before = process.cpuUsage();
      lexed(text);
      return process.cpuUsage(before).user / 1000;
    });
    expect(Math.min(...tries)).toBeLessThan(100);
  });

  it('are far beyond what people and models write', () => {
    // The reference is not among them: a program writes it.
    const docs = ['docs', 'docs/adr', 'docs/how-to'].flatMap((folder) =>
      readdirSync(join(REPOSITORY, folder), { withFileTypes: true })
        .filter(({ name }) => name.endsWith('.md'))
        .map(({ name }) => [name, readFileSync(join(REPOSITORY, folder, name), 'utf8')] as const),
    );
    const made = [
      ['a long answer', '## Part\n\nSome *plain* words and `code`, of which there are many in this answer.\n\n'.repeat(500)],
      ['a long list', '- an item with some words\n'.repeat(1_200)],
      ['a table', `|a|b|c|\n|-|-|-|\n${'|one|two|three|\n'.repeat(500)}`],
      ['a list in a list in a list', Array.from({ length: 7 }, (_, at) => `${'  '.repeat(at)}- a`).join('\n')],
      ['rules', `a\n\n${'- '.repeat(40)}\n\nb\n\n${'* '.repeat(40)}\n`],
      ['a program', `\`\`\`ts\n${'const a = [1, 2].map((b) => b * 2); // *b* _c_ <d>\n'.repeat(700)}\`\`\`\n`],
      ['words without blanks', `${'你好，世界。'.repeat(80)}\n\n`.repeat(100)],
    ] as const;
    const left = [...docs, ...made].filter(([, text]) => text.length < 100_000 && lexed(text) === undefined);
    expect(left.map(([name]) => name)).toEqual([]);
  });
});

/** What took longer than it may; every figure on demand. */
function slowest(took: readonly (readonly [string, number])[]) {
  // biome-ignore lint/suspicious/noConsole: figures on demand
  if (process.env['VIVARIUM_TEST_FIGURES']) console.log([...took].sort((a, b) => b[1] - a[1]).slice(0, 12));
  return took.filter(([, ms]) => ms > MOST_MS);
}

/** Tells how long the thread of the page was at work since the page began, in milliseconds. */
async function busyTime(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return Math.round((metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000);
  };
}

/** Choose an item of the inbox; answers with its first button once its output stands there, drawn. */
const open = `async (title) => {
  const frame = () => new Promise((settle) => requestAnimationFrame(() => setTimeout(settle)));
  const chosen = () => document.querySelector('#chosen');
  [...document.querySelectorAll('ul[aria-label="What waits for you"] button')].find((one) => one.querySelector('.line-clamp-2').textContent === title).click();
  const there = () => chosen().querySelector('h2')?.textContent === title && [...chosen().querySelectorAll('h3')].some((part) => part.textContent === 'Output');
  while (!there()) await frame();
  await frame();
  return chosen().querySelector('button.btn-go').textContent;
}`;

/** Pages that show what others wrote, with words of somebody else's that stand beside it. */
const PLACES: readonly (readonly [string, string])[] = [
  ['/', 'A calm neighbour'],
  ['/tasks', 'A calm neighbour'],
  ['/tasks?view=board', 'A calm neighbour'],
  ['/tasks/done0', 'How it was judged'],
  ['/rooms/town_hall', 'A calm word'],
  ['/mail/ash', 'A calm letter'],
  ['/needs-you', 'A calm letter'],
  ['/bounties', 'A calm offer'],
  ['/library', 'calm document'],
  ['/residents', 'Moss'],
  ['/residents/ash', 'Ash'],
  ['/log', 'calm'],
  ['/tasks?view=graph', 'A calm neighbour'],
  ['/disputes', 'There are no disputes'],
  ['/guilds', 'Journals'],
  ['/skills', 'Skills'],
  ...['marks', 'long table', 'growing quotes'].map((name) => {
    const path = `library/community_library/swarm_docs/tangled/${name}.md`;
    return [`/library?path=${encodeURIComponent(path)}`, 'calm document'] as const;
  }),
];

async function fill(world: World): Promise<void> {
  await settle(world);
  const chars = 1_190;
  const docs = join(world.paths.communityDocs, 'tangled');
  await mkdir(docs, { recursive: true });
  await world.store.add(
    TEXTS.flatMap(([, text], at) => [
      aTaskNamed(`done${at}`, { prompt: `x${text}` }),
      aTaskNamed(`failed${at}`, { title: `x${text.slice(0, 200)}` }),
    ]),
    'test',
  );
  for (const [at, [name, text]] of TEXTS.entries()) {
    const content = `x${text.slice(0, chars).trimEnd()}`;
    await act(world, 'human', 'post_message', { room: 'town_hall', content });
    await writeFile(join(docs, `${name}.md`), text);
    if (at % 12 === 0) await act(world, 'ash', 'message_human', { type: 'idea', content });
    if (at % 6 === 1)
      await act(world, 'human', 'create_bounty', { title: content.slice(0, 200), description: content, reward: 1 });
    if (at % 6 === 2) await approve(world, `done${at}`, 'wren', text);
    if (at % 6 === 3) await fail(world, `failed${at}`, 'wren', text);
  }
  await approve(world, 'done0', 'wren', TANGLED['list markers'] ?? '');
  await act(world, 'juniper', 'post_message', { room: 'town_hall', content: 'A calm word' });
  await act(world, 'ash', 'message_human', { type: 'idea', content: 'A calm letter' });
  await act(world, 'human', 'create_bounty', { title: 'A calm offer', description: 'x', reward: 1 });
  await writeFile(join(docs, 'calm document.md'), 'Calm');
  await world.store.add([aTaskNamed('calm', { title: 'A calm neighbour' })], 'test');
}
