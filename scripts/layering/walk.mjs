/** The child nodes of a syntax node, each with the key it stands under. */
export function* children(node) {
  for (const [key, value] of Object.entries(node)) {
    if (Array.isArray(value)) {
      for (const each of value) if (isNode(each)) yield { key, node: each };
    } else if (isNode(value)) {
      yield { key, node: value };
    }
  }
}

const isNode = (value) => typeof value === 'object' && value !== null && typeof value.type === 'string';

const KEYED = new Set([
  'Property',
  'MethodDefinition',
  'PropertyDefinition',
  'AccessorProperty',
  'TSAbstractMethodDefinition',
  'TSAbstractPropertyDefinition',
  'TSPropertySignature',
  'TSMethodSignature',
]);

/** True when an identifier under `key` of `parent` only names a member and refers to nothing. */
export function isName(parent, key) {
  if (parent.type === 'MemberExpression') return key === 'property' && !parent.computed;
  if (KEYED.has(parent.type)) return key === 'key' && !parent.computed;
  if (parent.type === 'ImportSpecifier') return true;
  if (parent.type === 'ExportSpecifier') return key === 'exported';
  if (parent.type === 'TSQualifiedName') return key === 'right';
  return key === 'label' || (parent.type === 'TSEnumMember' && key === 'id');
}

/** Every name that a file declares: variables, parameters, functions, classes, imports. */
export function declaredNames(program) {
  const names = new Set();
  const bind = (pattern) => {
    if (!pattern) return;
    if (pattern.type === 'Identifier') names.add(pattern.name);
    else if (pattern.type === 'AssignmentPattern') bind(pattern.left);
    else if (pattern.type === 'RestElement') bind(pattern.argument);
    else if (pattern.type === 'ArrayPattern') pattern.elements.forEach(bind);
    else if (pattern.type === 'ObjectPattern') for (const each of pattern.properties) bind(each.value ?? each);
    else if (pattern.type === 'TSParameterProperty') bind(pattern.parameter);
  };
  const visit = (node) => {
    if (node.type === 'VariableDeclarator') bind(node.id);
    if (node.type === 'CatchClause') bind(node.param);
    if (/^(Function|Class)/.test(node.type) && node.id) bind(node.id);
    if (/^Import.*Specifier$/.test(node.type)) bind(node.local);
    for (const parameter of Array.isArray(node.params) ? node.params : []) bind(parameter);
    for (const { node: child } of children(node)) visit(child);
  };
  visit(program);
  return names;
}
