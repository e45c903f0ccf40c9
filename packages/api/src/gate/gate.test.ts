import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, LINES, openAudit, openBudgetLedger, systemClock, workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, expect, it, vi } from 'vitest';
import { TokenBucket } from './circuits/token-bucket.ts';
import { ModelGate } from './gate.ts';
import type { Providers } from './providers/providers.ts';

const folder = mkdtempSync(join(tmpdir(), 'vivarium-gate-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('has a line in the audit for money that came just after its caller had gone', async () => {
  const paths = workspacePaths(folder);
  const gone = new AbortController();
  let asking = false;
  // The ledger asks for the time when it writes the reservation.
  const now = () => {
    if (asking) queueMicrotask(() => gone.abort(new Error('the caller hung up')));
    return new Date();
  };
  const budget = await openBudgetLedger({ backend: fileBackend(paths, { ...systemClock, now }), capUsd: 1 });
  const complete = vi.fn();
  const audit = openAudit(fileBackend(paths), LINES.apiAudit);
  const provider = { name: 'openai', client: { complete }, offer: {}, route: 'r', fingerprint: 'f', detail: 'd' };
  const price = { input: 1, output: 1 };
  const gate = new ModelGate({
    providers: { current: async () => provider } as unknown as Providers,
    routing: {
      route: async () => ({ id: 'm', price, profile: {}, decision: { model: 'm', rule: 'default', why: 'a test' } }) as never,
    },
    limit: new TokenBucket(60, systemClock),
    budget,
    audit,
    clock: systemClock,
    log: createLogger('api', { logLevel: 'silent', groq: {}, openai: {} }),
    onAlias: () => undefined,
    onDecision: () => undefined,
  });
  const messages = [{ role: 'user' as const, content: 'hello' }];
  const call = { purpose: 'task' as const, user: 'u', task_id: 't', messages, max_tokens: 9, temperature: 0, timeout_ms: 9_000 };
  asking = true;
  await expect(gate.call(call, gone.signal)).rejects.toThrow('the caller hung up');
  await gate.close();
  expect(complete).not.toHaveBeenCalled();
  expect(budget.state()).toMatchObject({ spent_usd: 0, reservations: [] });
  const [settled] = readFileSync(paths.budgetLedger, 'utf8').matchAll(/"settled"[^}]*"call_id":"([^"]+)"/g);
  const lines = readFileSync(paths.apiAudit, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toEqual([expect.objectContaining({ event: 'API_CALL_ABORTED', call_id: settled?.[1], cost: 0 })]);
  await budget.close();
  audit.close();
});
