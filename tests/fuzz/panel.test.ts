/** Every route of the panel, asked in every way, over a world with a past and with logs that hold strange lines. */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspacePaths } from '@vivarium/core';
import { verifyLedger } from '@vivarium/world';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { misfitOf } from '../e2e/answers-fit.ts';
import { ask, parsed, type TestPanel, testPanel } from '../e2e/panel-kit.ts';
import { type Operation, operationsOf, requestsOf, send } from './http.ts';
import { cases, fuzz, mangled } from './kit.ts';
import { linesOf, playedWorld } from './world.ts';

/** These start processes of their own, so they are asked only for what they refuse. */
const STARTS_PROCESSES = new Set(['/api/workers/start', '/api/doctor']);
/** Below the requests that the panel answers in a minute. */
const BEFORE_A_FRESH_ONE = 2_800;
const WORDS = ['read-contract', 'stays', 'wren', 'ash', 'moss', 'town_hall', 'README.md', 'library', 'groq', 'on', 'human', '1'];

let panel: TestPanel;
let operations: readonly Operation[];
let words: readonly string[];
let asked = 0;

beforeAll(async () => {
  const workspace = await playedWorld();
  strangeLinesIn(workspace);
  panel = await testPanel({ workspace });
  await panel.world.store.add(
    [{ ...panel.world.store.list({ limit: 1 }).records[0]!.task, id: 'stays', depends_on: [] }],
    'person',
  );
  const ledger = readFileSync(panel.world.paths.tokenLedger, 'utf8');
  words = [...WORDS, ...new Set(ledger.match(/\b(?:bounty|journal|dispute|guild|msg|letter|sub|req)\w*_\w{10,}/g))];
  operations = operationsOf(JSON.parse((await ask(panel.port, '/api/openapi.json')).text));
}, 60_000);
afterAll(async () => panel.remove());

/** Lines of the logs that are read for people only, as another version or a hand may leave them. */
function strangeLinesIn(workspace: string): void {
  const paths = workspacePaths(workspace);
  for (const file of [paths.actionLog, paths.apiAudit, paths.safetyAudit, join(paths.swarm, 'audit', 'actions.jsonl')]) {
    const samples = file === paths.actionLog || file === paths.apiAudit ? linesOf(file).map((line) => JSON.parse(line)) : [{}];
    const strange = fc.sample(
      fc.constantFrom(...samples).chain((sample) => mangled(sample)),
      60,
    );
    appendFileSync(file, `${strange.map((value) => JSON.stringify(value)).join('\n')}\n{"torn\n\n`);
  }
}

it('every route', async () => {
  expect(operations.length).toBeGreaterThan(60);
  const done = new Set<Operation>();
  for (const operation of operations) {
    if (STARTS_PROCESSES.has(operation.path)) continue;
    await fuzz(cases(25, 140), requestsOf(operation, words), async (sent) => {
      if (++asked % BEFORE_A_FRESH_ONE === 0) panel = await panel.restart();
      const { status, text } = await send(panel.port, { ...sent, headers: { ...sent.headers, origin: panel.origin } });
      expect({ status, text: status < 500 ? '' : text }).toEqual({ status: expect.any(Number), text: '' });
      if (status < 300) done.add(operation);
      expect(misfitOf(panel.routes, sent, { status, json: parsed(text) })).toBeUndefined();
      if (status >= 400 && sent.method !== 'GET')
        expect(JSON.parse(text)).toMatchObject({
          success: false,
          error: expect.any(String),
          code: expect.stringMatching(/^VIV_/),
        });
    });
  }
  expect(done.size, 'routes that did what was asked at least once').toBeGreaterThan(operations.length / 2);
  expect((await ask(panel.port, '/healthz')).status).toBe(200);
  expect(panel.world.store.get('stays')).toBeDefined();
  await panel.world.society.publish();
  expect(await verifyLedger(panel.world.paths.tokenLedger)).toMatchObject({ ok: true });
  panel = await panel.restart();
  expect(panel.world.store.get('stays')).toBeDefined();
});

it('starts no worker for a number that is none', async () => {
  const counts = fc.constantFrom(0, -1, 17, 1e9, 0.5, '1', null, true, [], {});
  await fuzz(20, fc.record({ count: counts, more: fc.constant(1) }), async (body) => {
    const { status } = await send(panel.port, {
      method: 'POST',
      path: '/api/workers/start',
      headers: { origin: panel.origin, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(status).toBe(400);
  });
});
