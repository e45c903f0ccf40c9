import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openWorkArea } from '@vivarium/changes';
import { expect, it } from 'vitest';
import { aBench, git } from './changes-kit.ts';

const FULL = process.env['VIVARIUM_CHANGES'] === 'full';
const ROUNDS = FULL ? 500 : 20;
const SEED = Number(process.env['VIVARIUM_SEED'] ?? 7);
const FOLDERS = [
  'src',
  'a b',
  '-x',
  '.hidden',
  'größe',
  '日本',
  'x.y',
  "it's",
  '"q"',
  '#1',
  '%41',
  '[z]',
  '*',
  '🦔',
  '~',
  '@{u}',
  'tab_',
  '$HOME',
];
const ENDINGS = [
  '.ts',
  '',
  '.md',
  ' copy',
  '.',
  '-',
  '+',
  '=',
  ';',
  '&',
  '`',
  '$(x)',
  ':',
  '?',
  '!',
  ',',
  '^',
  '|',
  '<>',
  '.lock',
];
const CONTENTS = [
  () => '',
  () => 'one\ntwo\n',
  () => 'crlf\r\nmixed\n\r',
  () => '$Id$ $Format:%H$\n',
  () => '\ufeffwith a mark',
  () => Buffer.from([0, 255, 1, 254, 10, 13, 0]),
  (n: number) => Buffer.alloc(n % 70_000, n),
  (n: number) => `unique ${n}\n`.repeat(n % 50),
];

/** A small generator, so that a failure can be had again. */
function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

/** Sizes from none to 5,000 files, most of them small. */
const sizeOf = (pick: (below: number) => number): number =>
  FULL ? [0, 1, 3, 30, 30, 100, 100, 300, 1_000, 5_000][pick(10)]! : [0, 1, 3, 10, 30, 60][pick(6)]!;

function grow(folder: string, count: number, pick: (below: number) => number): void {
  for (let at = 0; at < count; at += 1) {
    const depth = pick(5);
    const folders = Array.from({ length: depth }, () => FOLDERS[pick(FOLDERS.length)]!);
    const file = join(folder, ...folders, `f${at}-${pick(1e9)}${ENDINGS[pick(ENDINGS.length)]}`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, CONTENTS[pick(CONTENTS.length)]!(pick(1e9)));
    if (pick(4) === 0) chmodSync(file, [0o755, 0o700, 0o744, 0o600][pick(4)]!);
  }
}

/** Edits, modes, moves and removals here and there. */
function disturb(folder: string, pick: (below: number) => number): void {
  const files = (readdirSync(folder, { recursive: true }) as string[]).filter((path) => statSync(join(folder, path)).isFile());
  for (const path of files) {
    const file = join(folder, path);
    const what = pick(12);
    if (what === 0) writeFileSync(file, `changed ${pick(1e9)}`);
    if (what === 1) rmSync(file);
    if (what === 2) renameSync(file, `${file}.moved${pick(1e9)}`);
    if (what === 3) chmodSync(file, statSync(file).mode & 0o100 ? 0o644 : 0o755);
  }
}

it(`gives ${ROUNDS} random trees the hash that git gives them, there and back`, { timeout: 1_800_000 }, async () => {
  const bench = await aBench({});
  const pick = random(SEED);
  const plain = join(bench.root, 'plain');
  mkdirSync(plain);
  git(plain, ['init', '-q']);
  const ofGit = (folder: string): string => {
    rmSync(join(plain, '.git', 'index'), { force: true });
    const env = {
      PATH: process.env['PATH'],
      HOME: plain,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_DIR: join(plain, '.git'),
      GIT_WORK_TREE: folder,
    };
    const added = spawnSync('git', ['-c', 'core.fileMode=true', 'add', '-A', '-f', '.'], { cwd: folder, env });
    if (added.status !== 0) throw new Error(added.stderr.toString());
    return spawnSync('git', ['write-tree'], { cwd: folder, env }).stdout.toString().trim();
  };
  const empty = (await bench.store.fetchBase()).tree;
  for (let round = 0; round < ROUNDS; round += 1) {
    const seen = `round ${round} of seed ${SEED}`;
    const area = await openWorkArea(bench.store, bench.project, { task_id: `t${round}`, attempt: 1, tree: empty });
    grow(area.folder, sizeOf(pick), pick);
    const first = await area.snapshot();
    expect(first, seen).toEqual({ tree: ofGit(area.folder), refused: [] });
    await area.reset(first.tree);
    expect(await area.snapshot(), seen).toEqual({ tree: first.tree, refused: [] });
    disturb(area.folder, pick);
    expect(await area.snapshot(), seen).toEqual({ tree: ofGit(area.folder), refused: [] });
    await area.remove();
  }
  bench.end();
});
