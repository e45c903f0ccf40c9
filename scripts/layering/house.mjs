import { children } from './walk.mjs';

const FILE_LINES = 400;
const FUNCTION_LINES = 60;
/** The edges where a type is promised by the other side and the compiler cannot follow; each says why beside it. */
const EDGES = new Set([
  'packages/control-panel/src/routes/does.ts',
  'packages/control-panel/src/http/route.ts',
  'packages/core/src/config/resolver.ts',
  'packages/worker/src/cli/command.ts',
]);

/** The doors to a terminal; each makes what others wrote visible, or says only words of its own. */
const TERMINALS = new Set([
  'packages/api/src/main.ts',
  'packages/control-panel/src/main.ts',
  'packages/core/src/config/supervised.ts',
  'packages/worker/src/cli/output.ts',
  'packages/worker/src/main.ts',
]);
const ALLOWED = { 'no-assertion': EDGES, 'one-terminal': TERMINALS };

/** Breaches of the house rules in one product file: what is too long, unfinished, or tells the compiler instead of asking it. */
export function houseBreaches({ file, text, program, comments, lineAt }) {
  const found = [];
  const report = (rule, line, problem, fix) => found.push({ file, line, rule, problem, fix });
  const lines = lineAt(text.trimEnd().length);
  if (lines > FILE_LINES)
    report('file-length', 1, `${lines} lines, ${FILE_LINES} are the limit`, 'give one of its ideas a file of its own');
  for (const { value, start } of comments) {
    const left = /\b(TODO|FIXME|XXX|HACK)\b/.exec(value)?.[1];
    if (left) report('unfinished', lineAt(start), `a comment says ${left}`, 'do it, or write it down as an issue');
  }
  const visit = (node) => {
    const breach = breachIn(node, lineAt);
    if (breach && !ALLOWED[breach.rule]?.has(file)) report(breach.rule, lineAt(node.start), breach.problem, breach.fix);
    for (const { node: child } of children(node)) visit(child);
  };
  visit(program);
  return found;
}

function breachIn(node, lineAt) {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression': {
      const lines = lineAt(node.end) - lineAt(node.start) + 1;
      if (lines <= FUNCTION_LINES) return undefined;
      return { rule: 'function-length', problem: `${lines} lines, ${FUNCTION_LINES} are the limit`, fix: 'name its parts' };
    }
    case 'TSAnyKeyword':
      return { rule: 'no-any', problem: '`any` switches the compiler off', fix: 'use the type, or unknown and a parser' };
    case 'TSAsExpression':
    case 'TSTypeAssertion':
      if (node.typeAnnotation.type === 'TSTypeReference' && node.typeAnnotation.typeName.name === 'const') return undefined;
      return { rule: 'no-assertion', problem: '`as` overrules the compiler', fix: 'parse, narrow, or type the source' };
    case 'TSNonNullExpression':
      return { rule: 'no-assertion', problem: '`!` overrules the compiler', fix: 'handle the missing value' };
    case 'MemberExpression':
      return node.object.type === 'Identifier' ? terminalIn(node.object.name, node.property.name) : undefined;
    default:
      return undefined;
  }
}

function terminalIn(object, property) {
  const fix = 'use the log, or the output of the command';
  if (object === 'console') return { rule: 'no-console', problem: 'console is written to', fix };
  if (object !== 'process' || !['stdout', 'stderr'].includes(property)) return undefined;
  return { rule: 'one-terminal', problem: `process.${property} is used past the doors that make text visible`, fix };
}
