import { execFileSync } from 'node:child_process';
import { chmod, link, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type WorkspacePaths, workspacePaths } from '@vivarium/core';

/** Every secret of the fixture holds this text; no output may. */
export const SECRET = 'canary-7f3a9c51';
export const INSTALLATION = join(import.meta.dirname, '..', '..');

export interface World {
  readonly paths: WorkspacePaths;
  readonly root: string;
  /** A folder beside the workspace, with secrets. */
  readonly outside: string;
  remove(): Promise<void>;
}

const FILES: Readonly<Record<string, string>> = {
  'README.md': '# World\n\nHello residents. See [notes](docs/notes.md).\n',
  'docs/notes.md': '# Notes\n\nTODO: water the plants\n',
  'docs/name with spaces.md': 'spaced\n',
  'src/main.ts': "export const greeting = 'hello';\nconst a = 1; const b = 2;\n",
  'src/util.ts': 'export const add = (a: number, b: number) => a + b;\n',
  '-dash.txt': 'dashed\n',
  'data.json': '{"a": 1}\n',
  '.env.example': 'GROQ_API_KEY=\n',
  '.env': `GROQ_API_KEY=${SECRET}\n`,
  'sub/.env.local': `KEY=${SECRET}\n`,
  'keys/server.pem': `${SECRET}\n`,
  'keys/id_rsa': `${SECRET}\n`,
  '.git/config': `[remote]\nurl = https://user:${SECRET}@example.com\n`,
  '.git/HEAD': 'ref: refs/heads/main\n',
  '.swarm/security/internal_execution_token.txt': `${SECRET}\n`,
  '.swarm/journals/resident_a.jsonl': `${SECRET}\n`,
};

/** A workspace with ordinary files, secrets, links of every kind, a fifo, and a folder of secrets beside it. */
export async function aWorld(): Promise<World> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'viv-sandbox-')));
  await chmod(base, 0o755);
  const root = join(base, 'world');
  const outside = join(base, 'world-outside');
  for (const [path, text] of Object.entries(FILES)) await put(join(root, path), text);
  await put(join(outside, 'secret.txt'), `${SECRET}\n`);
  await put(join(outside, 'ls'), `#!/bin/sh\necho ${SECRET}\n`);
  await chmod(join(outside, 'ls'), 0o755);
  await put(join(root, 'bin/cat'), '#!/bin/sh\necho a foreign program ran\n');
  await chmod(join(root, 'bin/cat'), 0o755);
  await symlink(join(outside, 'secret.txt'), join(root, 'link-file'));
  await symlink(outside, join(root, 'link-folder'));
  await symlink('../world-outside', join(root, 'link-relative'));
  await symlink('.env', join(root, 'link-env'));
  await symlink('.swarm/security', join(root, 'link-swarm'));
  await symlink('docs', join(root, 'link-inside'));
  await symlink('/nowhere/at/all', join(root, 'link-dangling'));
  await symlink('link-loop', join(root, 'link-loop'));
  await link(join(root, '.env'), join(root, 'hard-env.txt'));
  await link(join(outside, 'secret.txt'), join(root, 'docs/hard-outside.txt'));
  execFileSync('mkfifo', [join(root, 'fifo')]);
  return { paths: workspacePaths(root), root, outside, remove: () => rm(base, { recursive: true, force: true }) };
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
