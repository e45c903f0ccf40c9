/** Everything that can be done here is done through an operation of the catalogue, and each of them can be reached. */
import { ACTS, ENTRIES } from '@vivarium/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TOOLS } from '../../packages/api/src/residents/tools.ts';
import { type Door, doors } from '../../scripts/reference/doors.ts';
import { ask, type TestPanel, testPanel } from '../e2e/panel-kit.ts';

let panel: TestPanel;
let all: readonly Door[];
beforeAll(async () => {
  panel = await testPanel();
  all = doors((await ask(panel.port, '/api/openapi.json', { headers: { host: `127.0.0.1:${panel.port}` } })).json);
});
afterAll(() => panel.remove());

describe('every door', () => {
  it('is found', () => {
    const count = (kind: Door['kind']) => all.filter((door) => door.kind === kind).length;
    expect(count('command')).toBeGreaterThanOrEqual(60);
    expect(count('route')).toBeGreaterThanOrEqual(75);
    expect(count('tool')).toBeGreaterThanOrEqual(45);
  });

  it('names one entry of the catalogue', () => {
    expect(all.filter(({ entry }) => entry === undefined || !ENTRIES.has(entry)).map(({ name }) => name)).toEqual([]);
  });

  it('is for those who come to it: commands and routes for a person, tools for a resident', () => {
    const strangers = all.filter(({ kind, entry = '' }) => {
      const who = ENTRIES.get(entry)?.who ?? [];
      return !who.includes(kind === 'tool' ? 'resident' : 'person');
    });
    expect(strangers.map(({ name }) => name)).toEqual([]);
  });

  it('reads where it only reads, and does where it does', () => {
    const kindOf = (entry = '') => ENTRIES.get(entry)?.kind;
    const routes = all.filter(({ kind }) => kind === 'route');
    for (const { name, entry } of routes) expect([name, kindOf(entry) === 'query']).toEqual([name, name.startsWith('GET ')]);
    for (const tool of TOOLS.values())
      if (tool.kind === 'read' || tool.kind === 'offer') expect([tool.name, kindOf(tool.name)]).toEqual([tool.name, 'query']);
  });

  it('is told of one route by its own name', () => {
    const names = all.filter(({ kind }) => kind === 'route').map(({ entry }) => entry);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

describe('everything in the catalogue', () => {
  it('has a door, but for what the runtime does on its own', () => {
    const reached = new Set(all.map(({ entry }) => entry));
    const closed = [...ENTRIES].filter(([name, { who }]) => !reached.has(name) && !who.includes('runtime'));
    expect(closed.map(([name]) => name)).toEqual([]);
  });

  it('says what it is in words, and what the network needs for it', () => {
    for (const [name, { title, lan, who }] of ENTRIES) {
      expect([name, title]).toEqual([name, expect.stringMatching(/^[A-Z][^\n]{2,}[^.]$/)]);
      if (!who.includes('person')) expect([name, lan]).toEqual([name, 'never']);
    }
  });

  it('has every act of the society, as it is', () => {
    for (const [name, { schema, who }] of Object.entries(ACTS)) {
      const entry = ENTRIES.get(name);
      expect(entry && 'input' in entry && entry.input).toBe(schema);
      expect(entry?.who).toBe(who);
    }
  });
});

describe('what only this machine can do', () => {
  it.each([
    ...['budget_reset', 'set_pace', 'save_groq_key', 'remove_groq_key', 'start_workers', 'stop_worker', 'run_worker'],
    ...['skill_add', 'skill_promote', 'skill_quarantine', 'skill_retire', 'decide_many', 'toggle_stop', 'make_hat'],
    ...['create_identity', 'list_models', 'show_settings', 'show_groq_key', 'list_workers', 'doctor', 'download_log'],
  ])('%s is never on the network', (name) => expect(ENTRIES.get(name)?.lan).toBe('never'));
});
