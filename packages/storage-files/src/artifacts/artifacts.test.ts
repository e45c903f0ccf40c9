import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidInputError, StorageError, type WorkspacePaths, workspacePaths } from '@vivarium/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { fileBackend } from '../file-backend.ts';

let paths: WorkspacePaths;
beforeEach(() => {
  paths = workspacePaths(mkdtempSync(join(tmpdir(), 'vivarium-artifacts-')));
});
const out = (bytes: string, part: object = {}) => ({ task_id: 't1', attempt: 1, name: 'output.txt', bytes, ...part });

describe('artifacts', () => {
  it('come back as they were put, at a path people can open', async () => {
    const artifacts = fileBackend(paths).artifacts;
    const ref = await artifacts.put(out('grüße', { durable: true }));
    expect(ref).toMatchObject({ artifact_id: 't1/1/output.txt', path: '.swarm/artifacts/t1/1/output.txt', bytes: 7 });
    expect((await artifacts.read(ref)).toString()).toBe('grüße');
    expect(readFileSync(join(paths.root, ref.path), 'utf8')).toBe('grüße');
  });

  it('store one content once, whoever made it and however often', async () => {
    const artifacts = fileBackend(paths).artifacts;
    const refs = await Promise.all([1, 2, 3, 3].map((attempt) => artifacts.put(out('same', { attempt }))));
    expect(new Set(refs.map((ref) => statSync(join(paths.root, ref.path)).ino)).size).toBe(1);
    const names = readdirSync(paths.artifacts, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(names.length).toBe(4);
  });

  it('replace what stood under the name and keep the former content readable by its reference', async () => {
    const artifacts = fileBackend(paths).artifacts;
    const former = await artifacts.put(out('one'));
    const ref = await artifacts.put(out('two'));
    expect((await artifacts.read(ref)).toString()).toBe('two');
    expect((await artifacts.read(former)).toString()).toBe('one');
    expect(readdirSync(join(paths.artifacts, 't1', '1'))).toEqual(['output.txt']);
  });

  it('are refused when they were changed behind our back', async () => {
    const artifacts = fileBackend(paths).artifacts;
    const ref = await artifacts.put(out('true'));
    chmodSync(join(paths.root, ref.path), 0o644);
    writeFileSync(join(paths.root, ref.path), 'fake');
    await expect(artifacts.read(ref)).rejects.toThrow(StorageError);
  });

  it('survive the loss of their readable name', async () => {
    const artifacts = fileBackend(paths).artifacts;
    const ref = await artifacts.put(out('kept'));
    rmSync(join(paths.artifacts, 't1'), { recursive: true });
    expect((await artifacts.read(ref)).toString()).toBe('kept');
  });

  it.each([{ task_id: '..' }, { task_id: 'a/b' }, { task_id: 'blobs' }, { name: '../x' }, { attempt: -1 }, { name: '' }])(
    'refuse names that leave the folder: %j',
    async (part) => {
      await expect(fileBackend(paths).artifacts.put(out('x', part))).rejects.toThrow(InvalidInputError);
    },
  );

  it('refuse a reference that leaves the folder', async () => {
    const { artifacts } = fileBackend(paths);
    const ref = { ...(await artifacts.put(out('x'))), path: '.swarm/artifacts/../security/key' };
    await expect(artifacts.read(ref)).rejects.toThrow(InvalidInputError);
  });
});
