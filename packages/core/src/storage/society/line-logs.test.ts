import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LineLogs } from './line-logs.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'viv-lines-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const line = (id: string) => ({ id, timestamp: '2026-01-01T00:00:00.000Z', content: 'done' });

describe('lines of a room', () => {
  it('stand there once, however often and from wherever they are written', async () => {
    const [one, two] = [new LineLogs(root), new LineLogs(root)];
    expect(await Promise.all([one.append('town_hall', line('a')), one.append('town_hall', line('a'))])).toEqual([true, false]);
    expect(await two.append('town_hall', line('a'))).toBe(false);
    expect(await two.append('town_hall', line('b'))).toBe(true);
    await Promise.all([one.close(), two.close()]);
    const lines = (await readFile(join(root, 'town_hall.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.map((text) => JSON.parse(text).id)).toEqual(['a', 'b']);
  });
});
