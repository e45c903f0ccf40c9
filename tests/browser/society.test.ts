import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asRuntime, openSociety } from '@vivarium/core';
import { FakeClock, requires } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import { describe, expect, it } from 'vitest';
import { act, settle, voteOnJournal } from '../../scripts/demo/world/people.ts';
import { scriptSociety } from '../../scripts/demo/world/society.ts';
import { browserStage } from './kit.ts';

const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();

describe.runIf(requires('chromium'))('The society in a browser', () => {
  const stage = browserStage();

  it('takes sealed bids for a bounty, and shows what they say once all are opened', async () => {
    const { page, complaints, foreign } = stage.watched;
    const { world } = stage.panel;
    await settle(world);
    await page.goto(`${stage.panel.origin}/bounties`);
    await page.getByRole('button', { name: 'Offer bounty' }).click();
    const offer = page.getByRole('dialog', { name: 'Offer bounty' });
    await offer.getByLabel('Title').fill('Name the locks');
    await offer.getByLabel('Sealed bids for').fill('some');
    await offer.getByRole('button', { name: 'Offer bounty' }).click();
    await offer.getByText('must be a number of hours').waitFor();
    await offer.getByLabel('Sealed bids for').fill('2');
    await offer.getByRole('button', { name: 'Offer bounty' }).click();
    const bids = page.getByRole('region', { name: 'Sealed bids' });
    await bids.getByText(/^Taken until/).waitFor();
    const bounty_id = world.society.bounties()[0]!.id;
    await act(world, 'wren', 'place_bid', { bounty_id, price: 31, pitch: 'All of them, in one table' });
    await act(world, 'ash', 'place_bid', { bounty_id, price: 29, pitch: 'With who holds each' });
    await bids.getByText('2', { exact: true }).waitFor();
    expect(await bids.textContent()).not.toContain('one table');
    const later = await openSociety({ backend: fileBackend(world.paths, new FakeClock(inHours(3))) });
    await later.act(asRuntime, 'open_bids', { bounty_id });
    await later.close();
    await bids.getByText('With who holds each').waitFor();
    expect(await bids.getByRole('listitem').allInnerTexts()).toContainEqual(expect.stringMatching(/Ash[\s\S]*has it[\s\S]*29/));
    const unexpected = complaints.filter((text) => !text.includes('status of 400'));
    expect([unexpected, foreign]).toEqual([[], []]);
  });

  it('takes a bounty from its offer to its payout, and shows who gets what before it is paid', async () => {
    const { page, complaints, foreign } = stage.watched;
    await settle(stage.panel.world);
    await page.goto(`${stage.panel.origin}/bounties`);
    await page.getByText('Nothing is offered at this moment').waitFor();
    await page.getByRole('button', { name: 'Offer bounty' }).click();
    const offer = page.getByRole('dialog', { name: 'Offer bounty' });
    await offer.getByLabel('Title').fill('Map the runtime');
    await offer.getByLabel('Reward').fill('-5');
    await offer.getByRole('button', { name: 'Offer bounty' }).click();
    await offer.getByText(/positive whole number of tokens/).waitFor();
    await offer.getByLabel('Reward').fill('60');
    await offer.getByRole('button', { name: 'Offer bounty' }).click();
    await page.getByRole('heading', { name: 'Map the runtime' }).waitFor();
    const [bounty] = stage.panel.world.society.bounties();
    expect(bounty).toMatchObject({ reward: 60, status: 'open', created_by: 'human' });
    await act(stage.panel.world, 'wren', 'submit_bounty', {
      bounty_id: bounty!.id,
      description: 'A map with every package',
      members: ['wren', 'ash'],
    });
    const handedIn = page.getByRole('region', { name: 'Handed in' });
    await handedIn.getByText('A map with every package').waitFor();
    await handedIn.getByRole('button', { name: 'Judge the work of Wren' }).click();
    const judge = page.getByRole('dialog', { name: 'Judge the work of Wren' });
    await judge.getByLabel('Evidence').fill('Every arrow names its file');
    await judge.getByRole('button', { name: 'Accept' }).click();
    await handedIn.getByText('Every arrow names its file').waitFor();
    await page.getByRole('button', { name: 'Complete' }).click();
    const complete = page.getByRole('dialog', { name: /^Complete/ });
    await complete.getByLabel("Winner's reward").fill('51');
    const preview = complete.getByRole('region', { name: 'Who gets what' });
    await preview.getByText('Pays 51').waitFor();
    expect(await preview.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(/Wren[\s\S]*26/),
      expect.stringMatching(/Ash[\s\S]*25/),
    ]);
    await complete.getByRole('button', { name: 'Complete bounty' }).click();
    await page.getByRole('region', { name: 'Paid out' }).getByText('Ash').waitFor();
    await page.getByRole('main').getByText('Paid', { exact: true }).waitFor();
    await complete.waitFor({ state: 'hidden' });
    expect(await page.getByRole('button', { name: 'Complete' }).count()).toBe(0);
    expect(stage.panel.world.society.bounties()).toMatchObject([
      {
        status: 'completed',
        distributed: [
          { identity: 'wren', amount: 26 },
          { identity: 'ash', amount: 25 },
        ],
      },
    ]);
    await page.getByRole('region', { name: 'Paid out' }).getByRole('link', { name: 'Wren' }).click();
    const paid = page.getByRole('region', { name: 'Wallet' }).getByRole('row', { name: /Bounty paid out/ });
    await paid.getByText('Map the runtime').waitFor();
    const unexpected = complaints.filter((text) => !text.includes('status of 400'));
    expect([unexpected, foreign]).toEqual([[], []]);
  });

  it("shows a resident's mail as it comes and takes the reply to it", async () => {
    const { page, complaints } = stage.watched;
    await settle(stage.panel.world);
    await page.goto(`${stage.panel.origin}/mail`);
    await page.getByText('Nobody has written yet').waitFor();
    await act(stage.panel.world, 'juniper', 'message_human', { type: 'question', content: 'Which source counts?' });
    await page.getByRole('link', { name: /Juniper.*1 unanswered/ }).waitFor();
    const conversation = page.getByRole('region', { name: 'With Juniper' });
    await conversation.getByLabel('Reply to Juniper').fill('The file itself');
    await conversation.getByRole('button', { name: 'Reply' }).click();
    await conversation.getByText('Waits for Juniper').waitFor();
    await page.getByRole('link', { name: /unanswered/ }).waitFor({ state: 'detached' });
    const [sent] = stage.panel.world.society.world.society.mail.sent.values();
    expect(sent).toMatchObject({ from_id: 'juniper', answer: { response: 'The file itself' } });
    await conversation.getByLabel('Write to Juniper').fill('And its hash');
    await page.keyboard.press('Control+Enter');
    await conversation.getByText('And its hash').waitFor();
    expect(complaints).toEqual([]);
  });

  it('lets the person speak in a room, and brings what others say in every tab', async () => {
    const { page, context } = stage.watched;
    await settle(stage.panel.world);
    const other = await context.newPage();
    for (const tab of [page, other]) await tab.goto(`${stage.panel.origin}/rooms/town_hall`);
    await page.getByLabel('Say something in Town Hall').fill('Good morning');
    await page.getByRole('button', { name: 'Say it' }).click();
    for (const tab of [page, other]) await tab.getByRole('log').getByText('Good morning').waitFor();
    await act(stage.panel.world, 'wren', 'post_message', { room: 'town_hall', content: 'Morning!' });
    for (const tab of [page, other]) await tab.getByRole('log').getByText('Morning!').waitFor();
    await other.getByRole('button', { name: 'Reply to Wren' }).click();
    await other.getByLabel('Say something in Town Hall').fill('Slept well?');
    await other.getByRole('button', { name: 'Reply', exact: true }).click();
    await page.getByRole('log').getByText('Slept well?').waitFor();
    await page.getByRole('log').getByText('Wren: Morning!').waitFor();
    const news = { task_id: 'map', identity_id: 'wren', content: 'map is approved: core api worker\nTask: Map the packages' };
    await act(stage.panel.world, 'runtime', 'announce', news);
    const told = page.getByRole('log').getByRole('listitem').filter({ hasText: 'Approved' });
    await told.getByRole('link', { name: 'Map the packages' }).waitFor();
    expect(await told.getByText('core api worker', { exact: true }).count()).toBe(1);
    await page.goto(`${stage.panel.origin}/log`);
    await page.getByText('Spoke in Town Hall').first().waitFor();
    await page.getByText('Announced an approved result in Town Hall').waitFor();
  });

  it('creates a resident, and says at its name when it is too much like another', async () => {
    const { page } = stage.watched;
    await settle(stage.panel.world);
    await page.goto(`${stage.panel.origin}/residents`);
    await page.getByRole('button', { name: 'Create resident' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create resident' });
    await dialog.getByLabel('Name').fill('Junipers');
    await dialog.getByRole('button', { name: 'Create resident' }).click();
    await dialog.getByText(/too close to that of Juniper/).waitFor();
    expect(await dialog.getByLabel('Name').getAttribute('aria-invalid')).toBe('true');
    await dialog.getByLabel('Name').fill('Thistle');
    await dialog.getByLabel('Traits').fill('bold, brief');
    await dialog.getByRole('button', { name: 'Create resident' }).click();
    await page.getByRole('heading', { name: 'Thistle' }).waitFor();
    await page.getByText('bold', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Pin a task' }).click();
    await page.getByRole('dialog').getByLabel('Prompt').fill('Introduce yourself');
    await page.getByRole('button', { name: 'Pin task' }).click();
    await page.getByText(/Pinned .* to Thistle/).waitFor();
    const [record] = stage.panel.world.store.list().records;
    expect(record?.task).toMatchObject({ prompt: 'Introduce yourself', identity_id: expect.stringMatching(/^oc_/) });
  });

  /** Vote by keyboard on what is so called. */
  async function vote(on: string | RegExp, choice: string, reason: string): Promise<void> {
    const { page } = stage.watched;
    await page.getByRole('button', { name: on }).press('Enter');
    const dialog = page.getByRole('dialog', { name: on });
    await dialog.getByRole('radio', { name: choice }).press('Space');
    await dialog.getByLabel('Reason').fill(reason);
    await page.keyboard.press('Control+Enter');
    await dialog.waitFor({ state: 'detached' });
  }

  it("takes the person's votes on newcomers and spendings by keyboard, and says what each came to", async () => {
    const { page, complaints } = stage.watched;
    const { world } = stage.panel;
    await scriptSociety(world);
    const [makers] = world.society.guilds();
    await act(world, 'wren', 'contribute_treasury', { amount: 30 });
    await act(world, 'wren', 'spend_treasury', {
      guild_id: makers!.id,
      amount: 20,
      purpose: 'A better lamp',
      identity_id: 'ash',
    });
    await page.goto(`${stage.panel.origin}/guilds`);
    await page.getByRole('button', { name: "Vote on Moss's wish to join" }).click();
    const dialog = page.getByRole('dialog', { name: "Vote on Moss's wish to join" });
    await dialog.getByRole('button', { name: 'Cast vote' }).click();
    await dialog.getByText('choose how you vote').waitFor();
    await dialog.getByText('say what it rests on').waitFor();
    await page.keyboard.press('Escape');
    await vote("Vote on Moss's wish to join", 'For it', 'What is kept is found');
    await page.getByText('Your vote decided it: accepted').first().waitFor();
    await page.getByText('What is kept is found').waitFor();
    await vote(/Vote on spending 20/, 'Against it', 'The old one burns well');
    await page.getByText('Your vote decided it: rejected').first().waitFor();
    expect(world.society.guilds()).toMatchObject([{ members: ['wren', 'ash', 'moss'], refund_pool: 30 }]);
    expect(complaints.filter((text) => !text.includes('status of 400'))).toEqual([]);
  });

  it('takes a blind vote on a journal, names its author once it is decided, and tips by that name', async () => {
    const { page, complaints } = stage.watched;
    const { world } = stage.panel;
    await scriptSociety(world);
    await page.goto(`${stage.panel.origin}/guilds`);
    const journals = page.getByRole('region', { name: 'Journals' });
    await vote(/Vote on a journal/, 'Exceptional', 'It can be tried today');
    await page.getByText('others have yet to vote').first().waitFor();
    await journals.getByText('1 of 3 votes, yours among them').waitFor();
    expect(await journals.getByText('Juniper').count()).toBe(0);
    expect(await journals.getByRole('button', { name: /^Vote/ }).count()).toBe(0);
    const open = [...world.society.world.society.journals.entries.values()].find(({ status }) => status === 'pending');
    await voteOnJournal(world, open!.id, [
      ['accept', 'Clear'],
      ['accept', 'Clear'],
    ]);
    await journals.getByRole('button', { name: 'Tip Juniper' }).click();
    const tip = page.getByRole('dialog', { name: 'Tip Juniper' });
    await tip.getByLabel('Tokens').fill('2.5');
    await tip.getByLabel('Reason').fill('For the sources');
    await tip.getByRole('button', { name: 'Give tokens' }).click();
    await tip.getByText('give a whole number of tokens').waitFor();
    await tip.getByLabel('Tokens').fill('40');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Juniper received 40 tokens').waitFor();
    expect(world.society.walletLedger('juniper', { limit: 1 }).lines).toMatchObject([{ kind: 'tip', memo: 'For the sources' }]);
    expect(complaints.filter((text) => !text.includes('status of 400'))).toEqual([]);
  });

  it('shows what is behind the first page of bounties and of the library when asked', async () => {
    const { page } = stage.watched;
    const { world } = stage.panel;
    for (let count = 0; count < 52; count += 1)
      await act(world, 'human', 'create_bounty', { title: `Offer number ${count}`, description: '', reward: 1 });
    const docs = world.paths.communityDocs;
    await mkdir(docs, { recursive: true });
    for (let count = 0; count < 62; count += 1) await writeFile(join(docs, `page-${count}.md`), `# Page ${count}`);
    await page.goto(`${stage.panel.origin}/bounties`);
    await page.getByText('Offer number 51', { exact: true }).waitFor();
    expect(await page.getByText('Offer number 0', { exact: true }).count()).toBe(0);
    await page.getByRole('button', { name: 'Show more bounties' }).click();
    await page.getByText('Offer number 0', { exact: true }).waitFor();
    expect(await page.getByText(/^Offer number/).count()).toBe(52);
    await page.goto(`${stage.panel.origin}/library`);
    await page.getByRole('button', { name: 'Show more of the library' }).click();
    await page.getByRole('button', { name: 'Show more of the library' }).waitFor({ state: 'detached' });
    expect(await page.getByRole('link', { name: /page.\d+/i }).count()).toBe(62);
  });

  it('takes a suggestion into the library, and finds words in it', async () => {
    const { page } = stage.watched;
    await scriptSociety(stage.panel.world);
    await page.goto(`${stage.panel.origin}/library`);
    await page.getByLabel('Find in the library').fill('three places');
    await page.getByRole('link', { name: /one shelf/ }).click();
    await page.getByRole('button', { name: 'Accept suggestion' }).click();
    await page.getByRole('link', { name: /one shelf.*Document/s }).waitFor();
  });
});
