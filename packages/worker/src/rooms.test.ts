import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspacePaths } from '@vivarium/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRooms, type RoomMessage, roomName } from './rooms.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'viv-rooms-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const message = (id: string): RoomMessage => ({
  id,
  author_id: 'ada',
  author_name: 'Ada',
  content: 'done',
  room: 'town_hall',
  timestamp: '2026-01-01T00:00:00.000Z',
  mood: 'focused',
  importance: 3,
  reply_to: null,
});

describe('a room', () => {
  it('hears a message once, however often and from wherever it is said', async () => {
    const [one, two] = [openRooms(workspacePaths(root)), openRooms(workspacePaths(root))];
    expect(await Promise.all([one.say(message('a')), one.say(message('a'))])).toEqual([true, false]);
    expect(await two.say(message('a'))).toBe(false);
    expect(await two.say(message('b'))).toBe(true);
    await Promise.all([one.close(), two.close()]);
    const lines = (await readFile(join(root, '.swarm', 'discussions', 'town_hall.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(['a', 'b']);
  });

  it('has a name that can be no path', () => {
    expect(roomName('project_war_room')).toBe('project_war_room');
    for (const wanted of [undefined, '../../etc/x', 'a/b', '', 'x'.repeat(65)]) expect(roomName(wanted)).toBe('town_hall');
  });
});
