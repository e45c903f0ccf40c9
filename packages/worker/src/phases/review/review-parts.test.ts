import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schemaFaults, schemaProblems } from '@vivarium/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lookAtFile } from '../../observe/declared-file.ts';

describe('a task’s own schema', () => {
  const schema = { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } };

  it('accepts what fits and names what does not', () => {
    expect(schemaProblems(schema, { n: 1 })).toEqual([]);
    expect(schemaProblems(schema, { n: 'x' })).toEqual(['/n must be integer']);
  });

  it('works in the newer dialects', () => {
    const newer = { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'array', prefixItems: [{ type: 'string' }] };
    expect(schemaProblems(newer, ['a'])).toEqual([]);
    expect(schemaProblems(newer, [1])).toHaveLength(1);
  });

  it('cannot hold up or fetch anything', () => {
    const slow = { type: 'string', pattern: '^(a+)+$' };
    expect(schemaProblems(slow, `${'a'.repeat(40)}!`)[0]).toContain('took longer');
    expect(schemaFaults({ $ref: 'http://127.0.0.1:1/x.json' })[0]).toContain('cannot be used');
    expect(schemaFaults({ type: 'nonsense' })[0]).toContain('cannot be used');
    expect(schemaFaults({ $async: true })[0]).toContain('$async');
  });
});

describe('a look at a declared file', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'viv-file-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('sees size, hash and time', async () => {
    await writeFile(join(root, 'a.md'), 'hello');
    await utimes(join(root, 'a.md'), 1_000, 1_000);
    expect(await lookAtFile(root, 'a.md')).toMatchObject({ state: 'file', bytes: 5, modified_ms: 1_000_000 });
  });

  it('is not led out of the workspace, nor to what is no file', async () => {
    await symlink('/etc/passwd', join(root, 'out'));
    await mkdir(join(root, 'folder'));
    expect(await lookAtFile(root, 'out')).toEqual({ state: 'outside' });
    expect(await lookAtFile(root, 'folder')).toEqual({ state: 'not_a_file' });
    expect(await lookAtFile(root, 'nothing')).toEqual({ state: 'missing' });
  });
});
