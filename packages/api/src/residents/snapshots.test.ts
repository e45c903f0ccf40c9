import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Documents } from './documents.ts';
import { type Step, Steps } from './steps.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'viv-snapshots-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Its first line is no record any more: only a snapshot knows what it said. */
function spoilFirstLine(file: string): void {
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, `${'#'.repeat(text.indexOf('\n'))}${text.slice(text.indexOf('\n'))}`);
}

describe('a start with much behind it', () => {
  it('takes the steps of cycles from the snapshot, and reads only what came later', async () => {
    const file = join(root, '.swarm', 'steps.jsonl');
    const step = (cycle: string, n: number): Step => ({
      ...{ cycle, step: n, text: 'x'.repeat(2_000), tool_calls: [], model: 'm', simulated: false, cost_usd: 0.001 },
      charge: { call_id: `${cycle}.${n}`, cost_usd: 0.001 },
    });
    const before = await Steps.open(fileBackend(root));
    for (let n = 0; n < 100; n++) await Promise.all([before.keep(step(`c${n}`, 1)), before.keep(step(`c${n}`, 2))]);
    await before.close();
    expect(existsSync(`${file}.snapshot`)).toBe(true);
    spoilFirstLine(file);
    const after = await Steps.open(fileBackend(root));
    expect(after.of('c7').map(({ step }) => step)).toEqual([1, 2]);
    expect(after.charges.get('c0.1')).toBe(0.001);
    await after.close();
  });

  it('knows who owns which document, and does not write one again', async () => {
    const paths = workspacePaths(root);
    const documents = await Documents.open(fileBackend(root), paths);
    const actor = (n: number) => ({
      identity_id: `resident_${'x'.repeat(40)}${n % 2}`,
      task_id: undefined,
      key: `${'k'.repeat(300)}${n}`,
    });
    const args = (n: number) => ({
      path: `library/community_library/swarm_docs/${n}.md`,
      content: `text ${n}`,
      mode: 'create' as const,
    });
    for (let n = 0; n < 240; n++) expect(await documents.write(args(n), actor(n))).toMatchObject({ ok: true });
    await documents.close();
    spoilFirstLine(join(paths.swarm, 'documents.jsonl'));
    const again = await Documents.open(fileBackend(root), paths);
    expect(await again.write(args(0), actor(0))).toMatchObject({ ok: true });
    expect(await again.write({ ...args(0), mode: 'overwrite' }, actor(241))).toMatchObject({ ok: false });
    await again.close();
  });
});
