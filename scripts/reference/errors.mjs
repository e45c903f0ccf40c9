import { REFUSALS } from '@vivarium/core';
import { EXIT } from '../../packages/worker/src/cli/exit.ts';
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

/** Every stable code: the HTTP status or exit code it comes with, what becomes of the task, what it means. Then every refusal. */
export function errorsPage(root) {
  return page(
    'Error codes',
    'the error classes in `packages/*/src` and the registry of refusals',
    'A failure is told with a stable `code`, words, and where it helps a `fix`: the API as RFC 9457 problem JSON, the panel as `{success: false, error, code, fix}`, the command line as `{error, code, fix}` with `--json`. A command ends with the exit code that stands here, and with 1 where none does.',
    table(['Code', 'HTTP', 'Exit', 'What happens', 'Meaning'], rowsOf(codesIn(root))),
    '## Refusals',
    'An act in the society, or a tool of a resident, may be refused. Nothing was changed then. A resident is told `{ok: false, reason, fix}`, where `fix` says the same with names and numbers; the panel and the command line tell the code, which is the reason in capitals after `VIV_`. *Done* marks those that say that the same was done before.',
    table(['Reason', 'HTTP', 'Exit', 'Done', 'Meaning'], refusalRows()),
  );
}

const refusalRows = () =>
  Object.entries(REFUSALS)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, { status, exit, already, means }]) => [
      code(reason),
      String(status),
      String(EXIT[exit]),
      already ? 'yes' : '',
      `${means}.`,
    ]);

/** Every place that says a code, with what is known there. */
function codesIn(root) {
  const sources = [...readSources(root).values()].filter(({ file }) => !isTest(file) && !file.includes('/web/'));
  const makers = makersIn(sources);
  const found = [];
  for (const source of sources)
    for (const statement of source.program.body) {
      const around = { makers, names: namedCodes(source), doc: docBefore(source.comments, statement.start) };
      const visit = (node) => {
        found.push(...classCodes(node, source), ...tableCodes(node), ...saidCodes(node, around), ...exitCodes(node));
        for (const { node: child } of children(node)) visit(child);
      };
      visit(statement);
    }
  return found;
}

function rowsOf(found) {
  const byCode = new Map();
  for (const each of found) {
    const known = byCode.get(each.code) ?? { statuses: new Set(), exits: new Set(), happens: new Set(), words: new Set() };
    if (each.status !== undefined) known.statuses.add(each.status);
    if (each.exit !== undefined) known.exits.add(each.exit);
    if (each.disposition) known.happens.add(WHO_ACTS[each.disposition]);
    if (each.isClass) known.words = new Set([each.words]);
    else if (each.words && known.words.size < MOST_WORDS) known.words.add(each.words);
    if (each.doc) known.doc ??= each.doc;
    byCode.set(each.code, known);
  }
  return [...byCode]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { statuses, exits, happens, words, doc }]) => [
      code(name),
      [...statuses].sort().join(', '),
      [...exits].sort().join(', '),
      [...happens].join('; ') || (exits.size > 0 ? 'the command ends' : 'the request fails'),
      [...words].join(' · ') || (doc ?? ''),
    ]);
}

/** What makes failures: classes with the status and disposition that all of theirs have, and functions that make one of a class. */
function makersIn(sources) {
  const declared = sources.flatMap(({ program }) => program.body.map((node) => node.declaration ?? node));
  const makers = new Map();
  for (const made of declared) {
    if (made.type !== 'ClassDeclaration' || made.superClass?.name !== 'VivariumError') continue;
    const field = (name) => literalsIn(made.body.body.find((member) => member.key?.name === name))[0];
    const isCommand = made.body.body.some((member) => member.key?.name === 'exit');
    makers.set(made.id.name, {
      status: isCommand ? undefined : field('status'),
      disposition: isCommand ? undefined : field('disposition'),
    });
  }
  for (const made of declared) {
    const ofClass = made.returnType?.typeAnnotation.typeName?.name;
    if (made.type !== 'FunctionDeclaration' || !makers.has(ofClass)) continue;
    const exit = exitsIn(made)[0];
    makers.set(made.id.name, { ...makers.get(ofClass), ...(exit === undefined ? {} : { exit }) });
  }
  return makers;
}

/** The codes of a file that have a name there. */
const namedCodes = ({ program }) =>
  new Map(
    program.body
      .flatMap((node) => (node.declaration ?? node).declarations ?? [])
      .filter(({ init }) => CODE.test(textOf(init)))
      .map(({ id, init }) => [id.name, init.value]),
  );

/** `{ code: 'VIV_…', exit: 'usage' }`. */
function exitCodes(node) {
  const { code: name, exit } = node.type === 'ObjectExpression' ? plain(node) : {};
  return Object.hasOwn(EXIT, exit) && CODE.test(name) ? [{ code: name, exit: EXIT[exit] }] : [];
}

const exitOf = (node) => (Object.hasOwn(EXIT, textOf(node)) ? EXIT[textOf(node)] : undefined);

function exitsIn(node) {
  const found = [exitOf(node), ...[...children(node)].flatMap(({ node: child }) => exitsIn(child))];
  return found.filter((exit) => exit !== undefined);
}

/** A class of failures: its fields say everything, its comment says what it means. */
function classCodes(node, { comments }) {
  if (node.type !== 'ClassDeclaration' || node.superClass?.name !== 'VivariumError') return [];
  const field = (name) => node.body.body.find((member) => member.key?.name === name);
  const codes = literalsIn(field('code'));
  const [status] = literalsIn(field('status'));
  const [disposition] = literalsIn(field('disposition'));
  const [exit] = literalsIn(field('exit')).map((word) => EXIT[word]);
  const words = docBefore(comments, node.start);
  return codes.map((each) => ({ code: each, status, exit, disposition, words, isClass: true }));
}

/** `{ code, status, disposition }` in a table of faults, named by its key. */
function tableCodes(node) {
  if (node.type !== 'Property' || node.value.type !== 'ObjectExpression') return [];
  const { code: name, status, disposition } = plain(node.value);
  return CODE.test(name) && status !== undefined
    ? [{ code: name, status, disposition, words: `The provider: ${node.key.name.replaceAll('_', ' ')}.`, isClass: true }]
    : [];
}

/** Where a code is said: with words of its own as arguments or as fields of an object, or under a name with a comment. */
function saidCodes(node, { makers, names, doc }) {
  const said = (each) => (names.has(each?.name) ? names.get(each.name) : textOf(each));
  if (node.type === 'VariableDeclarator' && CODE.test(textOf(node.init))) return [{ code: node.init.value, doc }];
  if (node.type === 'ObjectExpression') {
    const { code: name, status, error, message, title } = plain(node);
    const words = error ?? message ?? title;
    return CODE.test(name) && words ? [{ code: name, status, words }] : [];
  }
  const list = node.arguments ?? [];
  const at = list.findIndex((each) => CODE.test(said(each)));
  if (at < 0) return [];
  const maker = makers.get(node.callee?.name);
  const status = list.slice(0, at).find((each) => typeof each.value === 'number' && each.value >= 400)?.value ?? maker?.status;
  const exit = list.slice(0, at).map(exitOf)[0] ?? maker?.exit;
  const words = list
    .slice(at + 1)
    .map(textOf)
    .find((text) => text !== undefined);
  return [{ code: said(list[at]), status, exit, disposition: maker?.disposition, words, doc }];
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
