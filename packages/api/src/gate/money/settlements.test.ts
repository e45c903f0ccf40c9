import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, LINES, openAudit, openBudgetLedger, workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, expect, it } from 'vitest';
import { Settlements } from './settlements.ts';

const folder = mkdtempSync(join(tmpdir(), 'vivarium-settlements-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('settles no money before the call stands in the audit', async () => {
  const paths = workspacePaths(folder);
  const budget = await openBudgetLedger({ backend: fileBackend(paths), capUsd: 1 });
  const audit = openAudit(fileBackend(paths), LINES.apiAudit);
  const settlements = new Settlements(budget, audit, createLogger('api', { logLevel: 'silent', groq: {}, openai: {} }));
  await budget.reserve({ call_id: 'a', amount_usd: 0.5, minimum_usd: 0.5 });
  const auditFolder = join(paths.swarm, 'audit');
  writeFileSync(auditFolder, 'a file where the folder should be');
  expect(audit.append({ call_id: 'a' })).toBe(false);
  await settlements.settle('a', 0.2);
  expect(budget.state()).toMatchObject({ spent_usd: 0, reserved_usd: 0.5 });
  rmSync(auditFolder);
  mkdirSync(auditFolder);
  await settlements.flush();
  expect(budget.state()).toMatchObject({ spent_usd: 0.2, reserved_usd: 0 });
  expect(readFileSync(paths.apiAudit, 'utf8')).toContain('"call_id":"a"');
  await settlements.close();
  await budget.close();
  audit.close();
});
