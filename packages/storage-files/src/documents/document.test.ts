import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DocumentFinding, StorageError } from '@vivarium/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readDocument, updateDocument, writeDocument } from './document.ts';

const Pace = z.looseObject({ wait_seconds: z.number() });

describe('documents', () => {
  let folder: string;
  let file: string;
  const findings: DocumentFinding[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vivarium-documents-'));
    file = join(folder, 'pace.json');
    findings.length = 0;
  });
  const read = () => readDocument(file, Pace, (finding) => findings.push(finding));

  it('reads undefined when there is none and back what was written, unknown keys included', async () => {
    expect(await read()).toBeUndefined();
    await writeDocument(file, { wait_seconds: 3, mine: true });
    expect(await read()).toEqual({ wait_seconds: 3, mine: true });
    expect(findings).toEqual([]);
  });

  it.each([
    ['half a file', '{"wait_seconds": 3', /JSON/],
    ['an empty file', '', /JSON/],
    ['a wrong type', '{"wait_seconds": "3"}', /wait_seconds/],
    [
      'another encoding',
      Buffer.from('{"wait_seconds": 3, "note": "für"}', 'latin1'),
      /not in UTF-8 but probably in Windows-1252/,
    ],
    ['UTF-16', Buffer.from('{"wait_seconds": 3}', 'utf16le'), /UTF-16/],
  ])('moves %s aside whole, says why, and keeps every byte', async (_name, text, why) => {
    await writeFile(file, text);
    expect(await read()).toBeUndefined();
    const [name] = await readdir(folder);
    expect(name).toMatch(/^pace\.json\.corrupt-\d+$/);
    expect(await readFile(join(folder, name ?? ''))).toEqual(Buffer.from(text));
    expect(findings).toEqual([{ file, moved_to: join(folder, name ?? ''), reason: expect.stringMatching(why) }]);
  });

  it('reads what has a byte order mark, and writes through a link, also to what is yet to be made', async () => {
    await writeFile(join(folder, 'real.json'), '\uFEFF{"wait_seconds": 3}');
    await symlink('real.json', file);
    expect(await read()).toEqual({ wait_seconds: 3 });
    await writeDocument(file, { wait_seconds: 4 });
    await symlink(join('below', 'new.json'), join(folder, 'dangling.json'));
    await writeDocument(join(folder, 'dangling.json'), { wait_seconds: 5 });
    expect(await readlink(file)).toBe('real.json');
    expect(JSON.parse(await readFile(join(folder, 'real.json'), 'utf8'))).toEqual({ wait_seconds: 4 });
    expect(JSON.parse(await readFile(join(folder, 'below', 'new.json'), 'utf8'))).toEqual({ wait_seconds: 5 });
  });

  it('reports a path it cannot read instead of taking it for empty', async () => {
    await expect(readDocument(folder, Pace)).rejects.toThrow(StorageError);
  });

  it('loses no update when many change one document at once', async () => {
    const add = () => updateDocument(file, Pace, (now) => ({ wait_seconds: (now?.wait_seconds ?? 0) + 1 }));
    await Promise.all(Array.from({ length: 25 }, add));
    expect(await read()).toEqual({ wait_seconds: 25 });
    expect(await readdir(folder)).toEqual(['pace.json']);
  });

  it('takes the lock of a killed process over at once', async () => {
    const lock = join(import.meta.dirname, 'lock.ts');
    const hold = `process.stdout.write('held'); return new Promise(() => setInterval(() => {}, 60_000));`;
    const code = `import { withLock } from '${lock}'; await withLock('${file}', () => { ${hold} });`;
    const args = ['--conditions', '@vivarium/source', '--import', 'tsx', '--input-type=module', '-e', code];
    const child = spawn(process.execPath, args, { cwd: join(import.meta.dirname, '../../../..') });
    await once(child.stdout, 'data');
    expect(await readdir(folder)).toContain('pace.json.lock');
    const update = updateDocument(file, Pace, (standing) => ({ wait_seconds: standing ? 2 : 1 }));
    const killed = performance.now();
    child.kill('SIGKILL');
    expect(await update).toEqual({ wait_seconds: 1 });
    expect(performance.now() - killed).toBeLessThan(2_000);
    expect(await readdir(folder)).toEqual(['pace.json']);
  }, 20_000);

  it('keeps a secret to its owner', async () => {
    await writeDocument(file, { wait_seconds: 1 }, { mode: 0o600 });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });
});
