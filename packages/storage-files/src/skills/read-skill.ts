import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import {
  fieldProblemsOf,
  linesOf,
  placeAt,
  readTextFile,
  type SkillFile,
  type SkillFinding,
  SkillManifest,
} from '@vivarium/core';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';

const MAX_BYTES = 256 * 1024;
/** Blank lines before it, and blanks behind its dashes, are no fault. */
const FRONT_MATTER = /^(\s*---[ \t]*\n)([\s\S]*?\n|)---[ \t]*(?:\n|$)/;
/** A key at the edge with a value that begins on its line, and is neither quoted nor a block, a list or a map. */
const PLAIN_VALUE = /^([A-Za-z_][\w-]*:[ \t]+)([^\s"'|>[{#].*?(?:\n[ \t]+\S.*?)*)[ \t]*$/gm;
/** Keys whose value is a text, whatever YAML takes it for. */
const TEXTS = new Set(['name', 'description', 'version']);

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
  try {
    if (!readdirSync(folder).includes('SKILL.md'))
      return refused('there is no SKILL.md in this folder', 'Add a SKILL.md, or move the folder away');
    if (statSync(file).size > MAX_BYTES) return refused('it is larger than 256 KB', 'Keep long texts in files beside it');
  } catch (error) {
    return refused(
      `it could not be read: ${error instanceof Error ? error.message : String(error)}`,
      'Look at the file and its permissions',
    );
  }
  const read = readTextFile(file);
  if (read.kind === 'absent') return refused('there is no SKILL.md in this folder', 'Add a SKILL.md, or move the folder away');
  if (read.kind === 'refused') return refused(`it ${read.message}`, read.fix, read.line === undefined ? {} : { line: read.line });
  const text = linesOf(read.text).join('\n');
  const head = FRONT_MATTER.exec(text);
  if (head?.[2] === undefined) {
    return refused(
      'it does not begin with front matter',
      'Begin the file with a line ---, then name: and description:, then ---',
      { line: 1 },
    );
  }
  return parsed(
    folder,
    file,
    { yaml: head[2].replace(/\n$/, ''), startsAt: placeAt(head[1] ?? '').line },
    text.slice(head[0].length),
  );
}

interface FrontMatter {
  readonly yaml: string;
  /** The line of the file on which it begins. */
  readonly startsAt: number;
}

function parsed(folder: string, file: string, { yaml, startsAt }: FrontMatter, body: string): SkillRead {
  const { document, lineOf } = parseYaml(yaml);
  const lineAt = (offset: number) => lineOf(offset) + startsAt - 1;
  if (document.errors.length > 0) {
    const findings = document.errors.map(
      (error): SkillFinding => ({
        file,
        line: lineAt(error.pos[0]),
        reason: `its front matter is not valid YAML: ${error.message}`,
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
    const lineOf = (path: readonly PropertyKey[]) => {
      const offset = offsetOf(document.contents, path);
      return offset === undefined ? 1 : lineAt(offset);
    };
    const problems = fieldProblemsOf(checked.error, { at: 'front matter', lineOf });
    const findings = problems.map(({ message, ...where }): SkillFinding => {
      return { file, ...where, reason: message, fix: `Correct ${where.field} in ${basename(folder)}/SKILL.md` };
    });
    return { kind: 'refused', findings };
  }
  return withEntry(folder, file, checked.data, body.trim());
}

/**
 * Front matter as YAML. People write `description: Use when: …` without quotes, which is none, and other readers take it; so
 * what does not parse is read once more with the plain values of its own keys quoted. Texts such as `version: 1.10` are
 * kept as they were written.
 */
function parseYaml(yaml: string) {
  const read = (text: string) => {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
    return { document, lineOf: (offset: number) => lines.linePos(offset).line };
  };
  let result = read(yaml);
  if (result.document.errors.length > 0) {
    const again = read(
      yaml.replace(PLAIN_VALUE, (_line, key: string, value: string) => `${key}'${value.replaceAll("'", "''")}'`),
    );
    if (again.document.errors.length === 0) result = again;
  }
  const { contents } = result.document;
  for (const { key, value } of isMap(contents) ? contents.items : []) {
    const isText = isScalar(key) && TEXTS.has(String(key.value));
    if (isText && isScalar(value) && value.value !== null && typeof value.value !== 'string') value.value = value.source;
  }
  return result;
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
    const code = readTextFile(path);
    if (code.kind === 'refused') return refused(`the entry module ${code.message}`);
    if (code.kind === 'read') return { kind: 'skill', skill: { manifest, body, folder, file, code: code.text } };
    return refused(`there is no file ${manifest.entry}`);
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
function offsetOf(contents: unknown, path: readonly PropertyKey[]): number | undefined {
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
