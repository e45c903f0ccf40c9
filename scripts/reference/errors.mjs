import { isTest, readSources } from '../layering/sources.mjs';
import { children } from '../layering/walk.mjs';
import { code, page, table } from './markdown.ts';

const CODE = /^VIV_[A-Z_]+$/;
/** A code that is said in many ways is known by the first of them. */
const MOST_WORDS = 3;
const WHO_ACTS = {
  retry_after_backoff: 'tried again later',
  fail: 'the request or task fails',
  block: 'the task is blocked',
  hold_for_person: 'the task waits for a person',
  abandon: 'another worker has the task',
};

/** Every stable code: the HTTP status it comes with, what becomes of the task, what it means and who says it. */
export function errorsPage(root) {
  const sources = [...readSources(root).values()].filter(({ file }) => !isTest(file) && !file.includes('/web/'));
  const statuses = new Map(sources.flatMap(({ program }) => program.body.flatMap(statusOfClass)));
  const found = [];
  for (const source of sources) {
    const visit = (node) => {
      found.push(...classCodes(node, source), ...tableCodes(node), ...saidCodes(node, statuses));
      for (const { node: child } of children(node)) visit(child);
    };
    visit(source.program);
  }
  return page(
    'Error codes',
    'the error classes and refusals in `packages/*/src`',
    'A failure is told with a stable `code`, words, and where it helps a `fix`: the API as RFC 9457 problem JSON, the panel as `{success: false, error, code, fix}`, the command line as `{error, code, fix}` with `--json`.',
    table(['Code', 'HTTP', 'What happens', 'Meaning'], rowsOf(found)),
  );
}

function rowsOf(found) {
  const byCode = new Map();
  for (const each of found) {
    const known = byCode.get(each.code) ?? { statuses: new Set(), happens: new Set(), words: new Set() };
    if (each.status !== undefined) known.statuses.add(each.status);
    if (each.disposition) known.happens.add(WHO_ACTS[each.disposition]);
    if (each.isClass) known.words = new Set([each.words]);
    else if (each.words && known.words.size < MOST_WORDS) known.words.add(each.words);
    byCode.set(each.code, known);
  }
  return [...byCode]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { statuses, happens, words }]) => [
      code(name),
      [...statuses].sort().join(', '),
      [...happens].join('; '),
      [...words].join(' · '),
    ]);
}

/** The HTTP status that all failures of a class have. */
function statusOfClass(node) {
  const made = node.declaration;
  if (made?.type !== 'ClassDeclaration' || made.superClass?.name !== 'VivariumError') return [];
  const [status] = literalsIn(made.body.body.find((member) => member.key?.name === 'status'));
  return status === undefined ? [] : [[made.id.name, status]];
}

/** A class of failures: its fields say everything, its comment says what it means. */
function classCodes(node, { comments }) {
  if (node.type !== 'ClassDeclaration' || node.superClass?.name !== 'VivariumError') return [];
  const field = (name) => node.body.body.find((member) => member.key?.name === name);
  const codes = literalsIn(field('code'));
  const [status] = literalsIn(field('status'));
  const [disposition] = literalsIn(field('disposition'));
  const words = docBefore(comments, node.start);
  return codes.map((each) => ({ code: each, status, disposition, words, isClass: true }));
}

/** `{ code, status, disposition }` in a table of faults, named by its key. */
function tableCodes(node) {
  if (node.type !== 'Property' || node.value.type !== 'ObjectExpression') return [];
  const { code: name, status, disposition } = plain(node.value);
  return CODE.test(name) && status !== undefined
    ? [{ code: name, status, disposition, words: `The provider: ${node.key.name.replaceAll('_', ' ')}.`, isClass: true }]
    : [];
}

/** Where a code is said with words of its own: as arguments, or as the fields of an object. */
function saidCodes(node, statuses) {
  if (node.type === 'ObjectExpression') {
    const { code: name, status, error, message } = plain(node);
    return CODE.test(name) && (error ?? message) ? [{ code: name, status, words: error ?? message }] : [];
  }
  const list = node.type === 'ArrayExpression' ? node.elements : (node.arguments ?? []);
  const at = list.findIndex((each) => CODE.test(textOf(each)));
  if (at < 0 || node.type === 'ArrayExpression') return [];
  const status =
    list.slice(0, at).find((each) => typeof each.value === 'number' && each.value >= 400)?.value ??
    statuses.get(node.callee?.name);
  const words = list
    .slice(at + 1)
    .map(textOf)
    .find((text) => text !== undefined);
  return [{ code: textOf(list[at]), status, words }];
}

const plain = (object) =>
  Object.fromEntries(
    object.properties
      .filter(({ key }) => key?.name)
      .map(({ key, value }) => [key.name, typeof value.value === 'number' ? value.value : textOf(value)]),
  );

/** A literal's text; what a template fills in becomes an ellipsis. */
function textOf(node) {
  if (typeof node?.value === 'string') return node.value;
  return node?.type === 'TemplateLiteral' ? node.quasis.map(({ value }) => value.cooked).join('…') : undefined;
}

function literalsIn(node) {
  if (!node) return [];
  const found = [];
  const visit = (each) => {
    if (each.type === 'Literal') found.push(each.value);
    for (const { node: child } of children(each)) visit(child);
  };
  visit(node);
  return found;
}

/** The first sentences of the comment that stands right before, without what the columns say already. */
function docBefore(comments, start) {
  const comment = comments.findLast(({ end }) => end <= start && start - end < 12);
  const text = (comment?.value ?? '').replaceAll(/^\s*\*+ ?/gm, '').replaceAll(/\s+/g, ' ');
  return text.replaceAll(/ ?HTTP \d+( in spirit)?\./g, '').trim();
}
