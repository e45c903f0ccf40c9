import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS, type Setting, VARIABLES } from '../../packages/core/src/config/settings.ts';
import { code, page, table } from './markdown.ts';

/** Every setting: what it may be, what stands without it, and what `.env.example` says of it. */
export function configurationPage(root: string): string {
  const meanings = meaningsIn(readFileSync(join(root, '.env.example'), 'utf8'));
  const rows = VARIABLES.map((name) => {
    const setting: Setting<unknown> = SETTINGS[name];
    const wrong = setting.read('\0');
    const keys = [setting.alias ?? name.replace(/^(VIVARIUM|SWARM|RESIDENT)_/, '').toLowerCase()];
    return [
      code(name),
      wrong.ok ? '' : wrong.expected,
      code(setting.fallback ?? ''),
      keys.map(code).join(', '),
      meanings.get(name) ?? '',
    ];
  });
  return page(
    'Configuration',
    '`packages/core/src/config/settings.ts` and `.env.example`',
    "Flags go before the environment, then `.env`, then `vivarium.config.json`, then the defaults. The two files are read from the workspace and from the current folder; the workspace's win. `pnpm worker doctor` says where each setting came from.",
    table(['Variable', 'Must be', 'Default', 'Key in vivarium.config.json', 'Meaning'], rows),
  );
}

/** A comment stands for every variable up to the next comment. */
function meaningsIn(example: string): ReadonlyMap<string, string> {
  const meanings = new Map<string, string>();
  let words: string[] = [];
  let open = false;
  for (const line of example.split('\n')) {
    const name = /^# ([A-Z_]+)=/.exec(line)?.[1];
    const text = /^# (?!---)(.*)$/.exec(line)?.[1];
    if (name !== undefined) {
      meanings.set(name, words.join(' '));
      open = false;
    } else if (text === undefined) {
      words = [];
    } else {
      words = open ? [...words, text] : [text];
      open = true;
    }
  }
  return meanings;
}
