import { describe, expect, it } from 'vitest';
import { InvalidInputError, StorageError } from '../../errors/index.ts';
import { type NewWorld, twoProcesses } from './world.ts';

const output = (bytes: Uint8Array | string, part: object = {}) => ({
  task_id: 't1',
  attempt: 1,
  name: 'output.txt',
  bytes,
  ...part,
});

/** The promises every `Artifacts` keeps. Call once per backend. */
export function describeArtifacts(backend: string, newWorld: NewWorld): void {
  const both = async () => {
    const { one, other } = await twoProcesses(newWorld);
    return [one.artifacts, other.artifacts] as const;
  };
  describe(`Artifacts on ${backend}`, () => {
    it.each([
      ['a text', 'grüße'],
      ['bytes that are no text', Uint8Array.of(0, 255, 10, 13, 128)],
      ['nothing', ''],
      ['a large one', Buffer.alloc(300_000, 'x')],
    ])('gives another process %s as it was put, with its size and hash', async (_what, bytes) => {
      const [one, other] = await both();
      for (const durable of [false, true]) {
        const ref = await one.put(output(bytes, { durable }));
        expect(ref).toMatchObject({ artifact_id: 't1/1/output.txt', bytes: Buffer.from(bytes).byteLength });
        expect((await other.read(ref)).equals(Buffer.from(bytes))).toBe(true);
        const found = await other.find('t1/1/output.txt');
        expect([found?.ref, found?.bytes.equals(Buffer.from(bytes))]).toEqual([ref, true]);
      }
    });

    it('stores the same content again under one reference, also by many at once', async () => {
      const [one, other] = await both();
      const refs = await Promise.all([1, 2, 3, 4].map((n) => (n % 2 ? one : other).put(output('same', { durable: n > 2 }))));
      for (const ref of refs) expect(ref).toEqual(refs[0]);
      const elsewhere = await one.put(output('same', { attempt: 2 }));
      expect(elsewhere).toMatchObject({ artifact_id: 't1/2/output.txt', sha256: refs[0]?.sha256 });
    });

    it('replaces what stood under a name, and reads the former content by its reference', async () => {
      const [one, other] = await both();
      const former = await one.put(output('one'));
      const latter = await other.put(output('two'));
      expect([await one.read(former), await one.read(latter)].map(String)).toEqual(['one', 'two']);
      expect(await one.find('t1/1/output.txt')).toMatchObject({ ref: latter });
    });

    it('shares no bytes with who put or read them', async () => {
      const [one] = await both();
      const bytes = Buffer.from('true');
      const ref = await one.put(output(bytes));
      bytes.fill('x');
      (await one.read(ref)).fill('y');
      expect(String(await one.read(ref))).toBe('true');
    });

    it('finds nothing under what was never put, or is no id', async () => {
      const [one] = await both();
      await one.put(output('x'));
      for (const id of [
        't1/2/output.txt',
        't2/1/output.txt',
        't1/1',
        't1/1/output.txt/x',
        '../1/output.txt',
        't1/one/output.txt',
        '',
      ])
        expect(await one.find(id)).toBeUndefined();
    });

    it('refuses to read what is not there', async () => {
      const [one] = await both();
      const ref = await one.put(output('x'));
      const gone = { ...ref, path: ref.path.replace('t1', 't2'), sha256: 'f'.repeat(64) };
      await expect(one.read(gone)).rejects.toThrow(StorageError);
    });

    it.each([
      { task_id: '..' },
      { task_id: 'a/b' },
      { task_id: 'blobs' },
      { task_id: '' },
      { name: '../x' },
      { name: '..' },
      { name: '' },
      { attempt: -1 },
      { attempt: 0.5 },
    ])('refuses a name that leads elsewhere: %j', async (part) => {
      const [one] = await both();
      await expect(one.put(output('x', part))).rejects.toThrow(InvalidInputError);
    });
  });
}
