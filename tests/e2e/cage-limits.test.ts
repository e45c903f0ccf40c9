import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CageEnd, CageRun } from '@vivarium/sandbox';
import { afterEach, describe, expect, it } from 'vitest';
import { aProject, MB } from './cage.fixture.ts';
import { requires } from './sandbox.requires.ts';

const missing = requires('bwrap');
const ALLOC = (mb: number) => `my @a; for (1..${mb}) { push @a, "x" x 1048576 } sleep 60;`;
const FORK = 'while (1) { my $p = fork; next if defined $p && $p; sleep 60 if defined $p; }';
const SPAWN = (work: string) => `for (1..4) { if (!fork) { ${work} exit 0 } } sleep 60;`;
const FILES = (folder: string) => `for (1..100000) { open F, ">", "${folder}/f$_"; close F } sleep 60;`;
const FILL = (path: string) => `my $c = "x" x 1048576; open F, ">", "${path}"; while (syswrite(F, $c)) {} sleep 60;`;

interface Flood {
  readonly what: string;
  /** For perl. */
  readonly script: string;
  readonly over: NonNullable<CageEnd['over_limit']>['limit'];
  readonly limits?: Partial<CageRun['limits']>;
  /** Where the limit that is told is not the one of the whole. */
  readonly allowed?: number;
}

const LIMITS = { memory_bytes: 400 * MB, processes: 64, disk_bytes: 64 * MB, files: 300, file_bytes: 20_000 * MB };
const ALLOWED = { memory: 400 * MB, processes: 64, disk: 64 * MB, files: 300 };
const BASH_BOMB = 'f() { setsid bash -c "$(declare -f f); f" & setsid sleep 60 & f; }; f';
const THREADS =
  'import threading, time\nthreading.stack_size(65536)\nwhile True: threading.Thread(target=time.sleep, args=(60,)).start()';
const IN_MEMORY = `for my $f ("/tmp/a", "/home/resident/a", "/dev/shm/a") { if (!fork) { ${FILL('$f')} } }`;
const UNLINKED = 'open K, ">", "big"; unlink "big"; my $c = "x" x 1048576; syswrite(K, $c) for 1..600; sleep 60;';

const FLOODS: readonly Flood[] = [
  { what: 'one process that takes memory', script: ALLOC(600), over: 'memory' },
  { what: '4 processes that take less than the limit each', script: SPAWN(ALLOC(150)), over: 'memory' },
  { what: 'processes and folders in memory', script: `${IN_MEMORY} ${ALLOC(200)}`, over: 'memory' },
  { what: 'a fork bomb', script: FORK, over: 'processes' },
  { what: 'a fork bomb of sessions', script: `exec "/bin/bash", "-c", q(${BASH_BOMB})`, over: 'processes' },
  { what: 'threads', script: `exec "/usr/bin/python3", "-c", qq(${THREADS})`, over: 'processes' },
  { what: 'a file of 10 GB', script: FILL('big'), over: 'disk' },
  { what: 'a longer file than allowed', script: FILL('big'), over: 'disk', limits: { file_bytes: 9 * MB }, allowed: 9 * MB },
  { what: 'a file of 10 GB that is a hole', script: 'open F, ">", "hole"; truncate(F, 10 << 30); sleep 60;', over: 'disk' },
  { what: 'a file that is in no folder', script: UNLINKED, over: 'disk' },
  { what: 'files of four processes', script: SPAWN(FILL('big$$')), over: 'disk' },
  { what: '100,000 files', script: `mkdir "deep"; mkdir "deep/er"; ${FILES('deep/er')}`, over: 'files' },
  { what: '100,000 files in memory', script: FILES('/tmp'), over: 'files' },
  { what: '100,000 folders', script: 'for (1..100000) { mkdir "d$_" } sleep 60;', over: 'files' },
  { what: 'files, and ends before anybody looks', script: 'for (1..330) { open F, ">", "f$_"; close F }', over: 'files' },
];

describe.skipIf(missing !== undefined)(`a program that floods${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const project = aProject({ memory_bytes: 400 * MB, processes: 64 });
  afterEach(async () => {
    for (const name of await readdir(project.folder)) await rm(join(project.folder, name), { recursive: true });
  });

  it.each(FLOODS)('is ended, by name: $what', async ({ script, over, limits, allowed = ALLOWED[over] }) => {
    const end = await project.run(['/usr/bin/perl', '-e', script], { limits: { ...LIMITS, open_files: 1_024, ...limits } });
    expect(end).toMatchObject({ over_limit: { limit: over, allowed }, exit_code: 137, timed_out: false, aborted: false });
    expect(end.over_limit?.value).toBeGreaterThan(allowed);
    if (over === 'memory') expect(end.over_limit?.value).toBeLessThan(1.6 * allowed);
  });

  it('may share what counts once', async () => {
    const parts = 'for (1..8) { if (!fork) { sleep 1; exit 0 } } wait for 1..8;';
    const end = await project.run(['/usr/bin/perl', '-e', `my $x = "x" x (100 << 20); ${parts}`]);
    expect(end).toMatchObject({ exit_code: 0 });
    expect(end).not.toHaveProperty('over_limit');
  });

  it('is not blamed for what was there before it', async () => {
    await writeFile(join(project.folder, 'old'), Buffer.alloc(70 * MB));
    expect(await project.sh('cat old old > /dev/null; echo new > new; sleep 0.3')).toMatchObject({ exit_code: 0 });
  });
});
