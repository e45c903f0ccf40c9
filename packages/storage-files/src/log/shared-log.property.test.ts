import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SharedLog } from '@vivarium/core';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { openSharedLog } from './shared-log.ts';

interface Item {
  readonly n: number;
  readonly text: string;
}

/** One process's view of the log: the log itself and what its fold has seen. */
interface View {
  readonly log: SharedLog<Item>;
  readonly seen: number[];
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'viv-log-'));
  folders.push(folder);
  return join(folder, 'x.jsonl');
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && 'n' in value && typeof value.n === 'number';
}

async function open(file: string, rotateBytes: number): Promise<View> {
  let seen: number[] = [];
  const log = await openSharedLog<Item>({
    file,
    rotateBytes,
    parse: (value) => {
      if (!isItem(value)) throw new TypeError('no item');
      return value;
    },
    onRecord: ({ value }) => seen.push(value.n),
    snapshot: {
      version: 1,
      everyBytes: 700,
      save: () => Buffer.from(JSON.stringify(seen)),
      load: (state) => {
        seen = JSON.parse(state.toString());
      },
    },
  });
  return {
    log,
    get seen() {
      return seen;
    },
  };
}

/** The model: everything acknowledged, in one order, however the log was torn, sealed, closed or shared meanwhile. */
class Model {
  readonly expected: number[] = [];
  next = 0;
}

interface Real {
  readonly file: string;
  readonly views: View[];
  readonly rotateBytes: number;
}

type Command = fc.AsyncCommand<Model, Real>;

const always = () => true;
const viewOf = (real: Real, at: number): View => {
  const view = real.views[at % real.views.length];
  if (!view) throw new Error('no view');
  return view;
};

/** The newest segment: the one whose base is the largest. */
function activeFile(real: Real): string {
  for (const view of real.views) view.log.refresh();
  const position = viewOf(real, 0).log.position;
  for (let base = position; base > 0; base--) {
    const file = join(real.file, '..', `x.${base}.jsonl`);
    try {
      readFileSync(file);
      return file;
    } catch {
      // not a segment's base
    }
  }
  return real.file;
}

const commands: fc.Arbitrary<Command>[] = [
  fc.record({ at: fc.nat(3), sizes: fc.array(fc.nat(300), { minLength: 1, maxLength: 4 }), durable: fc.boolean() }).map(
    ({ at, sizes, durable }): Command => ({
      check: always,
      async run(model, real) {
        const items = sizes.map((size) => ({ n: model.next++, text: 'x\n"'.repeat(size / 3) }));
        const records = await viewOf(real, at).log.append(items, { durable });
        expect(records.map((record) => record.value.n)).toEqual(items.map((item) => item.n));
        model.expected.push(...items.map((item) => item.n));
      },
      toString: () => `append(${at}, ${sizes})`,
    }),
  ),
  fc.record({ at: fc.nat(3), other: fc.nat(3) }).map(
    ({ at, other }): Command => ({
      check: always,
      async run(model, real) {
        const [a, b] = [
          { n: model.next++, text: 'a' },
          { n: model.next++, text: 'b' },
        ];
        const both = [viewOf(real, at).log.append([a], { durable: true }), viewOf(real, other).log.append([b])];
        await Promise.all(both);
        const view = await open(real.file, real.rotateBytes);
        model.expected.push(...view.seen.slice(-2));
        expect([...view.seen.slice(-2)].sort()).toEqual([a.n, b.n].sort());
        await view.log.close();
      },
      toString: () => `together(${at}, ${other})`,
    }),
  ),
  fc.string({ minLength: 1, maxLength: 40 }).map(
    (garbage): Command => ({
      check: always,
      async run(_model, real) {
        appendFileSync(activeFile(real), garbage);
      },
      toString: () => `garbage(${JSON.stringify(garbage)})`,
    }),
  ),
  fc.nat(30).map(
    (keep): Command => ({
      check: always,
      async run(_model, real) {
        const whole = '{"n":-1,"text":"torn","rec":"dead.1","part":"1/2","sum":"00000000"}\n{"n":-2,"te';
        appendFileSync(activeFile(real), whole.slice(0, keep));
      },
      toString: () => `tornWrite(${keep})`,
    }),
  ),
  fc.nat(3).map(
    (at): Command => ({
      check: always,
      async run(_model, real) {
        const index = at % real.views.length;
        await viewOf(real, index).log.close();
        real.views[index] = await open(real.file, real.rotateBytes);
      },
      toString: () => `restart(${at})`,
    }),
  ),
  fc.nat(3).map(
    (at): Command => ({
      check: always,
      async run(model, real) {
        const view = viewOf(real, at);
        view.log.refresh();
        expect(view.seen).toEqual(model.expected);
      },
      toString: () => `read(${at})`,
    }),
  ),
];

describe('the shared log', () => {
  it('gives every view every acknowledged record once, in one order, through tears, seals and restarts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(commands, { maxCommands: 40 }), fc.constantFrom(300, 2000, 1e9), async (run, rotateBytes) => {
        const file = newFile();
        const views = [await open(file, rotateBytes), await open(file, rotateBytes), await open(file, rotateBytes)];
        const real = { file, views, rotateBytes };
        const model = new Model();
        try {
          await fc.asyncModelRun(() => ({ model, real }), run);
          for (const view of [...views, await open(file, rotateBytes)]) {
            view.log.refresh();
            expect(view.seen).toEqual(model.expected);
          }
        } finally {
          for (const view of views) await view.log.close();
        }
      }),
      { numRuns: 200 },
    );
  });

  it('loses only the last record when the log ends anywhere within it, and goes on from there', async () => {
    const file = newFile();
    const view = await open(file, 1e9);
    await view.log.append([{ n: 1, text: 'one' }]);
    const kept = view.log.position;
    await view.log.append([{ n: 2, text: 'two' }]);
    await view.log.close();
    const whole = readFileSync(file);
    for (let size = kept; size < whole.length; size++) {
      writeFileSync(file, whole);
      truncateSync(file, size);
      const cut = await open(file, 1e9);
      expect(cut.seen).toEqual([1]);
      await cut.log.append([{ n: 3, text: 'three' }], { durable: true });
      const again = await open(file, 1e9);
      expect(again.seen).toEqual([1, 3]);
      await Promise.all([cut.log.close(), again.log.close()]);
    }
  });

  it('counts an append of several lines wholly or not at all', async () => {
    const file = newFile();
    const view = await open(file, 1e9);
    await view.log.append([{ n: 1, text: 'a' }]);
    const start = view.log.position;
    await view.log.append([2, 3, 4].map((n) => ({ n, text: 'b' })));
    await view.log.close();
    const whole = readFileSync(file);
    for (let size = start + 1; size < whole.length; size++) {
      writeFileSync(file, whole.subarray(0, size));
      const cut = await open(file, 1e9);
      await cut.log.append([{ n: 9, text: 'after' }]);
      expect(cut.seen).toEqual([1, 9]);
      await cut.log.close();
    }
  });

  it('reads lines and appends that are longer than what it reads at once, in order, whoever wrote them', async () => {
    const file = newFile();
    const view = await open(file, 4_000_000);
    const other = await open(file, 4_000_000);
    await view.log.append([{ n: 1, text: 'x'.repeat(3_000_000) }]);
    await view.log.append(Array.from({ length: 3_000 }, (_, n) => ({ n: n + 2, text: 'y'.repeat(700) })));
    await view.log.append([{ n: 3_002, text: 'z' }]);
    other.log.refresh();
    await Promise.all([view.log.close(), other.log.close()]);
    rmSync(`${file}.snapshot`, { force: true });
    const again = await open(file, 4_000_000);
    const all = Array.from({ length: 3_002 }, (_, n) => n + 1);
    expect([other.seen, again.seen]).toEqual([all, all]);
    expect(again.log.badLines).toEqual([]);
    await again.log.close();
  });

  it('does not trust a snapshot of another log', async () => {
    const file = newFile();
    const view = await open(file, 1e9);
    for (let n = 0; n < 30; n++) await view.log.append([{ n, text: 'x'.repeat(50) }]);
    await view.log.close();
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, `${lines.slice(0, 3).join('\n')}\n`);
    const cut = await open(file, 1e9);
    expect(cut.seen).toEqual([0, 1, 2]);
    await cut.log.close();
  });
});
