import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureStarterIdentities, loadIdentities, type WorkspacePaths, workspacePaths } from '@vivarium/core';
import { fileDocuments } from '@vivarium/storage-files';
import { beforeEach, describe, expect, it } from 'vitest';

const installation = resolve(import.meta.dirname, '../..');

describe('identities', () => {
  let paths: WorkspacePaths;
  beforeEach(async () => {
    paths = workspacePaths(await mkdtemp(join(tmpdir(), 'vivarium-identities-')));
  });

  it('gives a fresh workspace the authored starters, once, even when two processes start together', async () => {
    const came = await Promise.all(
      [1, 2].map(() => ensureStarterIdentities(fileDocuments(paths.root), fileDocuments(installation))),
    );
    expect(came.flat().length).toBe(3);
    expect(await ensureStarterIdentities(fileDocuments(paths.root), fileDocuments(installation))).toEqual([]);
    const identities = await loadIdentities(fileDocuments(paths.root));
    expect(identities.map(({ name }) => name)).toEqual(['Fennel', 'Lantern', 'Marrow']);
    for (const { summary, attributes } of identities) {
      expect(summary).not.toBe('');
      expect(attributes.core.identity_statement).not.toBe('');
      expect(attributes.core.personality_traits.length).toBeGreaterThan(2);
    }
    expect((await readdir(paths.identities)).every((name) => name.endsWith('.json'))).toBe(true);
  });

  it('adds no starter to a workspace with residents of its own', async () => {
    await mkdir(paths.identities, { recursive: true });
    await writeFile(join(paths.identities, 'oc_own.json'), '{"id":"oc_own","name":"Own"}');
    expect(await ensureStarterIdentities(fileDocuments(paths.root), fileDocuments(installation))).toEqual([]);
    expect((await loadIdentities(fileDocuments(paths.root))).map(({ id }) => id)).toEqual(['oc_own']);
  });

  it('leaves a bad file out, reports it, and loads the rest', async () => {
    await ensureStarterIdentities(fileDocuments(paths.root), fileDocuments(installation));
    await writeFile(join(paths.identities, 'oc_bad.json'), '{"id": "../up", "name": "x"}');
    await writeFile(join(paths.identities, 'oc_twin.json'), '{"id":"oc_marrow01","name":"Twin"}');
    const findings: string[] = [];
    const identities = await loadIdentities(fileDocuments(paths.root), ({ reason }) => findings.push(reason));
    expect(identities.map(({ id }) => id).sort()).toEqual(['oc_fennel02', 'oc_lantern03', 'oc_marrow01']);
    expect(findings.join(' ')).toMatch(/id.*another file has the id oc_marrow01/s);
  });
});
