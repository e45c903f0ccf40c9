import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { SHIPPED_SKILLS, type WorkspacePaths } from '@vivarium/core';
import { z } from 'zod';
import { isInside } from './operands.ts';
import type { SkillInfo } from './types.ts';

const NAME = /^[\w-]{1,64}$/;
const FrontMatter = z.object({
  name: z.string().regex(NAME),
  description: z.string().min(1).max(500),
  version: z.string().regex(/^\d{1,5}(?:\.\d{1,5}){0,2}$/, 'write a version like 1.0.0'),
  kind: z.enum(['executable', 'prompt', 'composed']),
  entry: z
    .string()
    .regex(/^[\w-]+(?:\/[\w-]+)*\.mjs$/, 'name an .mjs file inside the folder')
    .optional(),
});

/** Find one skill by name: the shipped ones first, then those of the workspace. Undefined when there is none that reads. */
export async function findSkill(name: string, installation: string, paths: WorkspacePaths): Promise<SkillInfo | undefined> {
  if (!NAME.test(name)) return undefined;
  const shipped = SHIPPED_SKILLS.some((known) => known === name);
  return readSkill(join(shipped ? join(installation, 'library', 'skills') : paths.skills, name), name, shipped);
}

/** Every skill that reads, shipped ones first. */
export async function listSkills(installation: string, paths: WorkspacePaths): Promise<SkillInfo[]> {
  const entries = await readdir(paths.skills, { withFileTypes: true }).catch(() => []);
  const own = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const names = [...new Set([...SHIPPED_SKILLS, ...own.sort()])];
  const found = await Promise.all(names.map((name) => findSkill(name, installation, paths)));
  return found.filter((skill) => skill !== undefined);
}

async function readSkill(folder: string, name: string, shipped: boolean): Promise<SkillInfo | undefined> {
  const text = await readFile(join(folder, 'SKILL.md'), 'utf8').catch(() => undefined);
  const read = text === undefined ? undefined : FrontMatter.safeParse(frontMatter(text));
  if (!read?.success || read.data.name !== name) return undefined;
  const real = await realpath(folder);
  const { entry, ...declared } = read.data;
  if (declared.kind !== 'executable') return { ...declared, folder: real, shipped };
  const file = await realpath(join(real, entry ?? 'skill.mjs')).catch(() => undefined);
  if (file === undefined || !isInside(real, file)) return undefined;
  return { ...declared, folder: real, entry: file, shipped };
}

/** The `key: value` lines between the first two rules of a SKILL.md. */
function frontMatter(text: string): Record<string, string> {
  const block = /^\ufeff?---\r?\n([\s\S]*?)\r?\n---(?:\r?\n|$)/.exec(text)?.[1] ?? '';
  const pairs = block.split(/\r?\n/).flatMap((line) => {
    const match = /^([a-z_]+):\s*(.*?)\s*$/.exec(line);
    return match?.[1] === undefined || match[2] === undefined
      ? []
      : [[match[1], match[2].replace(/^(["'])(.*)\1$/, '$2')] as const];
  });
  return Object.fromEntries(pairs);
}
