import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Identity } from '@vivarium/core';
import type { IdentityRow } from '../protocol.ts';

/** Every identity that can be read, by name. `tokens` is filled by whoever keeps the wallets. */
export async function listIdentities(folder: string, tokensOf: (id: string) => number): Promise<readonly IdentityRow[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.json')).sort();
  const rows = await Promise.all(files.map((name) => identityRow(join(folder, name), tokensOf)));
  return rows.flat().sort((a, b) => a.name.localeCompare(b.name));
}

async function identityRow(file: string, tokensOf: (id: string) => number): Promise<IdentityRow[]> {
  const content = await readFile(file, 'utf8').catch(() => '');
  const parsed = Identity.safeParse(json(content));
  if (!parsed.success) return [];
  const identity = parsed.data;
  const sessions = whole(identity['sessions_participated'] ?? identity['sessions']);
  const profile = identity.attributes['profile'];
  const display = typeof profile === 'object' && profile !== null && 'display' in profile ? profile.display : undefined;
  return [
    {
      id: identity.id,
      name: identity.name,
      tokens: tokensOf(identity.id),
      sessions,
      tasks_completed: whole(identity['tasks_completed']),
      profile_display: typeof display === 'string' ? display : identity.summary === '' ? null : identity.summary,
      traits: identity.attributes.core.personality_traits,
      values: identity.attributes.core.core_values,
      level: Math.max(1, Math.floor(Math.sqrt(sessions))),
      respec_cost: 10 + 3 * sessions,
    },
  ];
}

function json(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function whole(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : 0;
}
