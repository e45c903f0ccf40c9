import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DENIED_WORDS } from './denied-words.mjs';
import { children } from './walk.mjs';

/** Denied words in what people read: texts in the code of product and scripts, and the documents. */
export function wordBreaches(root, sources) {
  return [...sources.flatMap(inSource), ...documents(root).flatMap((file) => inDocument(root, file))];
}

function inSource({ file, program, lineAt }) {
  const found = [];
  const visit = (node) => {
    const text = textOf(node);
    if (text !== undefined) found.push(...denied(file, lineAt(node.start), text));
    for (const { node: child } of children(node)) visit(child);
  };
  visit(program);
  return found;
}

/** What a string, a piece of a template or of JSX says; names without a space are for programs. */
function textOf(node) {
  if (node.type === 'TemplateElement') return node.value.cooked;
  if (node.type === 'JSXText') return node.value;
  return node.type === 'Literal' && typeof node.value === 'string' && /\s/.test(node.value) ? node.value : undefined;
}

function inDocument(root, file) {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  return lines.flatMap((text, index) => denied(file, index + 1, text));
}

function documents(root) {
  const below = existsSync(join(root, 'docs')) ? readdirSync(join(root, 'docs'), { recursive: true }) : [];
  const pages = [...below.map((file) => `docs/${file.replaceAll('\\', '/')}`), 'README.md', 'CONTRIBUTING.md'];
  return pages.filter((file) => file.endsWith('.md') && existsSync(join(root, file))).sort();
}

function denied(file, line, text) {
  return DENIED_WORDS.flatMap(({ word, say }) => {
    const [said] = word.exec(text) ?? [];
    if (said === undefined) return [];
    const problem = `people read "${said.trim()}"`;
    return [{ file, line, rule: 'plain-words', problem, fix: `say it in plain words of the field: ${say}` }];
  });
}
