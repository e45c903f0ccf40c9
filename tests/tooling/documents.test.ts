import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SETTINGS, VARIABLES } from '../../packages/core/src/config/settings.ts';
import { TaskEvent } from '../../packages/core/src/contract/event.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

describe('.env.example', () => {
  const shown = new Map([...read('.env.example').matchAll(/^# ([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]));

  it('shows every setting and no other', () => {
    expect([...shown.keys()].sort()).toEqual([...VARIABLES].sort());
  });

  it('shows the defaults that stand', () => {
    for (const name of VARIABLES) {
      const { fallback }: { fallback?: string } = SETTINGS[name];
      if (fallback !== undefined) expect(`${name}=${shown.get(name)}`).toBe(`${name}=${fallback}`);
    }
  });
});

describe('the documents', () => {
  const documents = [
    'README.md',
    'CONTRIBUTING.md',
    'docs/architecture.md',
    'docs/lifecycle.md',
    'docs/glossary.md',
    'docs/local-commands.md',
  ];

  it.each(documents)('%s links only to what is there', (document) => {
    const links = [...read(document).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => String(link));
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(document), link)))).toEqual([]);
  });

  it('describe every event of a task', () => {
    const events = TaskEvent.options.map((option) => option.shape.event.value);
    const described = [...read('docs/lifecycle.md').matchAll(/^\| `(task_\w+)`/gm)].map(([, event]) => event);
    expect(described.sort()).toEqual([...events].sort());
  });
});
