import { expect, it } from 'vitest';
import { memoryBackend } from '../../testing/index.ts';
import { LineLogs } from './line-logs.ts';

const line = (id: string) => ({ id, timestamp: '2026-01-01T00:00:00.000Z', content: 'done' });

it('keeps a line of a room once, however often and from wherever it is written', async () => {
  const backend = memoryBackend();
  const [one, two] = [new LineLogs(backend), new LineLogs(backend)];
  expect(await Promise.all([one.append('town_hall', line('a')), one.append('town_hall', line('a'))])).toEqual([true, false]);
  expect(await two.append('town_hall', line('a'))).toBe(false);
  expect(await two.append('town_hall', line('b'))).toBe(true);
  expect((await one.page('town_hall')).lines.map(({ id }) => id)).toEqual(['a', 'b']);
  await Promise.all([one.close(), two.close()]);
});
