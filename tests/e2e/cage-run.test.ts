import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCage } from '@vivarium/sandbox';
import { describe, expect, it } from 'vitest';
import { aProject } from './cage.fixture.ts';
import { requires } from './sandbox.requires.ts';

const missing = requires('bwrap');

describe.skipIf(missing !== undefined)(`a program of a project${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const project = aProject();

  it('runs where its project is, writes there, and tells how it ended', async () => {
    const end = await project.sh('pwd; whoami; echo done > out.txt; echo why >&2; exit 3');
    expect(end).toMatchObject({
      exit_code: 3,
      stdout: '/project\nresident\n',
      stderr: 'why\n',
      timed_out: false,
      aborted: false,
    });
    expect(end).toMatchObject({ truncated: false, refused_connects: 0 });
    expect(end).not.toHaveProperty('broken');
    expect(await readFile(join(project.folder, 'out.txt'), 'utf8')).toBe('done\n');
  });

  it('keeps the beginning and the end of what it says', async () => {
    const output = { head_bytes: 10, tail_bytes: 9 };
    const end = await project.sh('seq 10000; seq 3 >&2', { output });
    expect(end).toMatchObject({ truncated: true, stderr: '1\n2\n3\n' });
    expect(end.stdout).toBe('1\n2\n3\n4\n5\n\n[48875 bytes left out]\n99\n10000\n');
    expect((await project.sh('printf "0123456789abcdefghi"', { output })).stdout).toBe('0123456789abcdefghi');
  });

  it('reads what it is given', async () => {
    expect((await project.run(['/bin/cat'], { stdin: 'säge\n' })).stdout).toBe('säge\n');
  });

  it('counts what it asked of the network in vain', async () => {
    const end = await project.run([
      '/bin/bash',
      '-c',
      'for n in 1 2 3; do echo > /dev/tcp/127.0.0.1/80; done; echo > /dev/tcp/192.0.2.1/80',
    ]);
    expect(end.refused_connects).toBe(4);
  });

  it('is told apart from a sandbox that could not be made', async () => {
    await writeFile(join(project.folder, 'file'), '');
    const nowhere = await project.sh('true', { mounts: [{ from: '/no/such/folder', at: '/x', mode: 'ro' }] });
    expect(nowhere).toMatchObject({ exit_code: 127, broken: expect.stringContaining("Can't find source path /no/such/folder") });
    expect(await project.sh('true', { cwd: '/nowhere' })).toMatchObject({ broken: expect.stringContaining('/nowhere') });
    expect(await runCage({}, { ...RUN, mounts: [] })).toMatchObject({
      broken: expect.stringContaining('bubblewrap is not installed'),
    });
    expect(await project.run(['/no/such/program'])).toMatchObject({
      exit_code: 127,
      stderr: expect.stringContaining('/no/such/program'),
    });
    expect(await project.run(['/no/such/program'])).not.toHaveProperty('broken');
  });
});

const RUN = {
  argv: ['/bin/true'],
  cwd: '/',
  environment: {},
  timeout_ms: 1_000,
  limits: { memory_bytes: 1, processes: 1, disk_bytes: 1, files: 1, file_bytes: 1, open_files: 16 },
  counted: [],
  output: { head_bytes: 1, tail_bytes: 1 },
};
