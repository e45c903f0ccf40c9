import { children, declaredNames, isName } from './walk.mjs';

/** What a pure file may not touch: the clock, chance, the process, the network, anything that happens later. */
const FORBIDDEN = new Set([
  'process',
  'crypto',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'fetch',
  'Promise',
  'globalThis',
  'console',
  'require',
]);

/** Uses of the outside world in a syntax tree, as `{ offset, what }`. */
export function impurities(program) {
  const own = declaredNames(program);
  const found = [];
  const visit = (node, parent, key) => {
    const what = impurity(node, parent, key, own);
    if (what) found.push({ offset: node.start, what });
    for (const child of children(node)) visit(child.node, node, child.key);
  };
  visit(program, { type: 'Root' }, '');
  return found;
}

function impurity(node, parent, key, own) {
  switch (node.type) {
    case 'Identifier':
      return FORBIDDEN.has(node.name) && !own.has(node.name) && !isName(parent, key) ? node.name : undefined;
    case 'MemberExpression':
      return isMember(node, 'Date', 'now') ? 'Date.now' : isMember(node, 'Math', 'random') ? 'Math.random' : undefined;
    case 'NewExpression':
      return node.callee.name === 'Date' && node.arguments.length === 0 ? 'new Date() of this moment' : undefined;
    case 'CallExpression':
      return node.callee.name === 'Date' ? 'Date() of this moment' : undefined;
    case 'AwaitExpression':
      return 'await';
    case 'ForOfStatement':
      return node.await ? 'for await' : undefined;
    case 'ImportExpression':
      return 'import()';
    case 'MetaProperty':
      return node.meta.name === 'import' ? 'import.meta' : undefined;
    default:
      return node.async === true ? 'async' : undefined;
  }
}

/** Places that read the environment of the process, as offsets. */
export function environmentReads(program) {
  const offsets = [];
  const visit = (node) => {
    if (isMember(node, 'process', 'env')) offsets.push(node.start);
    if (node.type === 'VariableDeclarator' && node.init?.name === 'process' && names(node.id).includes('env'))
      offsets.push(node.start);
    if (node.type === 'ImportDeclaration' && /^(node:)?process$/.test(node.source.value)) {
      if (node.specifiers.some(({ imported }) => imported?.name === 'env')) offsets.push(node.start);
    }
    for (const child of children(node)) visit(child.node);
  };
  visit(program);
  return offsets;
}

const names = (pattern) => (pattern.properties ?? []).map(({ key }) => key?.name);

function isMember(node, object, property) {
  if (node.type !== 'MemberExpression') return false;
  const holder = node.object.type === 'MemberExpression' ? node.object.property : node.object;
  return holder.name === object && (node.computed ? node.property.value : node.property.name) === property;
}
