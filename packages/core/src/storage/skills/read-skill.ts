import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { SkillManifest } from '../../domain/skills/manifest.ts';

const MAX_BYTES = 256 * 1024;
const FRONT_MATTER = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/;

/** A skill's file that cannot be used: where, why, and what would be right. */
export interface SkillFinding {
  readonly file: string;
  /** 1-based; absent when the trouble is not in one line. */
  readonly line?: number;
  readonly field?: string;
  readonly reason: string;
  readonly fix: string;
}

/** A `SKILL.md` that was read: its front matter, the text below it, and where it lies. */
export interface SkillFile {
  readonly manifest: SkillManifest;
  readonly body: string;
  readonly folder: string;
  readonly file: string;
  /** Source of the entry module; undefined for skills without one. */
  readonly code?: string;
}

export type SkillRead =
  | { readonly kind: 'skill'; readonly skill: SkillFile }
  | { readonly kind: 'refused'; readonly findings: readonly SkillFinding[] };

/** Read one skill's folder. A file that does not fit is refused with every problem named; nothing is guessed. */
export function readSkill(folder: string): SkillRead {
  const file = join(folder, 'SKILL.md');
  const refused = (reason: string, fix: string, where: { line?: number; field?: string } = {}): SkillRead => ({
    kind: 'refused',
    findings: [{ file, ...where, reason, fix }],
  });
  let text: string;
  try {
    if (!readdirSync(folder).includes('SKILL.md'))
      return refused('there is no SKILL.md in this folder', 'Add a SKILL.md, or move the folder away');
    if (statSync(file).size > MAX_BYTES) return refused('it is larger than 256 KB', 'Keep long texts in files beside it');
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return refused(
      `it could not be read: ${error instanceof Error ? error.message : String(error)}`,
      'Look at the file and its permissions',
    );
  }
  const head = FRONT_MATTER.exec(text);
  if (head?.[1] === undefined) {
    return refused(
      'it does not begin with front matter',
      'Begin the file with a line ---, then name: and description:, then ---',
      { line: 1 },
    );
  }
  return parsed(folder, file, head[1], text.slice(head[0].length));
}

function parsed(folder: string, file: string, yaml: string, body: string): SkillRead {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  // The front matter's first line is the file's second.
  const lineAt = (offset: number) => lines.linePos(offset).line + 1;
  if (document.errors.length > 0) {
    const findings = document.errors.map(
      (error): SkillFinding => ({
        file,
        line: lineAt(error.pos[0]),
        reason: `its front matter is no YAML: ${error.message}`,
        fix: 'Mend this line',
      }),
    );
    return { kind: 'refused', findings };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 20 });
  } catch (error) {
    return {
      kind: 'refused',
      findings: [{ file, line: 1, reason: `its front matter cannot be read: ${String(error)}`, fix: 'Write it without aliases' }],
    };
  }
  const checked = SkillManifest.safeParse(withoutNulls(value));
  if (!checked.success) {
    const findings = checked.error.issues.map((issue): SkillFinding => {
      const offset = offsetOf(document.contents, issue.path);
      return {
        file,
        line: offset === undefined ? 1 : lineAt(offset),
        field: issue.path.join('.') || 'front matter',
        reason: issue.message,
        fix: `Correct ${issue.path.join('.') || 'the front matter'} in ${basename(folder)}/SKILL.md`,
      };
    });
    return { kind: 'refused', findings };
  }
  return withEntry(folder, file, checked.data, body.trim());
}

/** The entry must be a file in the skill's own folder, links followed. */
function withEntry(folder: string, file: string, manifest: SkillManifest, body: string): SkillRead {
  if (manifest.entry === undefined) return { kind: 'skill', skill: { manifest, body, folder, file } };
  const refused = (reason: string): SkillRead => ({
    kind: 'refused',
    findings: [{ file, field: 'entry', reason, fix: `Put ${manifest.entry} into ${basename(folder)}/, or correct entry` }],
  });
  const path = join(folder, manifest.entry);
  try {
    const inside = relative(realpathSync(folder), realpathSync(path));
    if (inside === '..' || inside.startsWith(`..${sep}`)) return refused('entry leads out of the folder');
    const seen = statSync(path);
    if (!seen.isFile()) return refused('entry is not a file');
    if (seen.size > MAX_BYTES) return refused('the entry module is larger than 256 KB');
    return { kind: 'skill', skill: { manifest, body, folder, file, code: readFileSync(path, 'utf8') } };
  } catch {
    return refused(`there is no file ${manifest.entry}`);
  }
}

/** A key without a value counts as absent. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}

/** Where a field stands in the YAML, or the nearest field around it. */
function offsetOf(contents: unknown, path: z.core.$ZodIssue['path']): number | undefined {
  let node: unknown = contents;
  let offset: number | undefined;
  for (const step of path) {
    if (!isMap(node)) break;
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
    if (!pair) break;
    if (isScalar(pair.key) && pair.key.range) offset = pair.key.range[0];
    node = pair.value;
  }
  return offset;
}
