import { readdir } from 'node:fs/promises';
import { actorOf, asOwner, openSociety } from '@vivarium/core';
import { obliging } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, describe, expect, it } from 'vitest';
import { type InsideWorld, openInside } from './phase-kit.ts';

let inside: InsideWorld;
afterEach(() => inside.close());

const messagesOf = (index: number) =>
  (inside.model.requests[index]?.body['messages'] ?? []) as { role: string; content: string }[];

describe('phase 4: what a resident is told beside its task', () => {
  it('is who it is, its mail, its rooms and its wallet, with others in fences; then the intent; last the task’s own words', async () => {
    inside = await openInside(obliging);
    await inside.run([{ id: 'warm-up', command: 'pwd' }]);
    const [reader = '', writer = ''] = (await readdir(inside.world.paths.identities))
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.replace('.json', ''));
    const society = await openSociety({ backend: fileBackend(inside.world.paths) });
    const name = society.world.identities.get(writer)?.name ?? '';
    await society.act(asOwner, 'send_message', { identity_id: reader, content: 'The kettle is yours today.' });
    const first = await society.ask(actorOf(writer), 'post_message', { room: 'town_hall', content: 'The well is deep.' });
    await society.ask(actorOf(writer), 'post_message', {
      room: 'town_hall',
      content: 'And cold.',
      reply_to: first.ok ? first['message_id'] : undefined,
    });
    await society.close();

    const prompt = 'Write a poem about the harbour. Do not mention rain.';
    await inside.run([{ id: 't1', prompt, identity_id: reader }]);
    const [system, task] = messagesOf(0);
    expect(task).toEqual({ role: 'user', content: prompt });
    const text = system?.content ?? '';
    expect(text).toContain('## USER INTENT');
    expect(text).toContain('ANTI-GOALS: mention rain');
    for (const [origin, words] of [
      ['mail', 'The kettle is yours today.'],
      ['room', 'The well is deep.'],
      ['room', 'And cold.'],
    ] as const) {
      const before = text.slice(0, text.indexOf(words));
      expect(text, words).toContain(words);
      expect(before.lastIndexOf(`<<<untrusted origin="${origin}`), words).toBeGreaterThan(
        before.lastIndexOf('>>>end of untrusted text'),
      );
    }
    expect(text).toContain(name);
    expect(text).toMatch(/\btokens?\b/);
  });
});

describe('phase 4: documentation only', () => {
  it('asks for Markdown alone and lets no skill do the work', async () => {
    inside = await openInside(obliging, { VIVARIUM_DOCS_ONLY: '1' });
    const [record] = await inside.run([{ id: 't1', prompt: 'Run the find_todos skill on this workspace' }]);
    expect(messagesOf(0)[0]?.content).toContain('Only documentation is written here (VIVARIUM_DOCS_ONLY)');
    expect(record).toMatchObject({ status: 'approved', outcome: { tool_route: 'generate', model_call_avoided: false } });
    expect(record?.outcome?.artifact?.path).toMatch(/^\.swarm\/artifacts\/t1\/1\//);
  });

  it('lets a resident’s document land where the task names it', async () => {
    const path = 'library/community_library/swarm_docs/harbour.md';
    const content = '# The harbour\n\nIt is deep.\n';
    inside = await openInside(
      ({ schemaName, body }) => {
        if (schemaName === 'critic_verdict') return obligingVerdict;
        const done = (body['messages'] as { role: string }[]).some(({ role }) => role === 'tool');
        if (done) return 'The document about the harbour is written.';
        const call = { name: 'write_document', arguments: JSON.stringify({ path, content, mode: 'create' }) };
        return { toolCalls: [{ id: 'c1', type: 'function', function: call }] };
      },
      { VIVARIUM_DOCS_ONLY: '1' },
    );
    const [record] = await inside.run([{ id: 't1', prompt: `Document the harbour in \`${path}\``, expect_file: path }]);
    expect(record).toMatchObject({ status: 'approved' });
    const witness = record?.review?.witnesses.find(({ kind }) => kind === 'file');
    expect(witness).toMatchObject({ passed: true, path });
  });
});

const obligingVerdict = JSON.stringify({ verdict: 'APPROVE', confidence: 0.95, issues: [], suggestions: [] });
