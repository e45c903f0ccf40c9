import { isTest } from './sources.mjs';
import { children } from './walk.mjs';

/** Where the arguments of acts and the inputs of operations are described. */
const HOMES = ['packages/core/src/domain/social/', 'packages/core/src/operations/catalogue/'];
/** Where they are asked for. The panel's protocol says what is answered, not what is taken. */
const DOORS = ['packages/api/src/', 'packages/worker/src/', 'packages/control-panel/src/'];
const ANSWERS = 'packages/control-panel/src/protocol/';
/** Files whose schemas only look like an act's, each with what they are. */
const LOOKALIKES = { 'packages/api/src/local/skill-run.ts': 'what a skill gives back' };
const OBJECTS = new Set(['object', 'strictObject', 'looseObject']);

/** Object schemas of a door whose fields are those of an act or an operation, or some of them: a second schema of it. */
export function secondSchemas(files) {
  const known = [...schemasIn(files)];
  const product = [...files.values()].filter(
    ({ file }) => DOORS.some((door) => file.startsWith(door)) && !isTest(file) && !LOOKALIKES[file],
  );
  return product.filter(({ file }) => !file.startsWith(ANSWERS)).flatMap((source) => secondsIn(source, known));
}

/** The fields of each act and operation, by its name. */
export function* schemasIn(files) {
  for (const source of files.values()) {
    if (!HOMES.some((home) => source.file.startsWith(home)) || isTest(source.file)) continue;
    const made = constantsOf(source, files);
    for (const [name, schema] of bound(source.program)) {
      const fields = fieldsOf(schema, made);
      if (fields.length > 1) yield { name, fields };
    }
  }
}

/** The constants of a file and those it imports, by the names they have there. */
function constantsOf({ program, imports }, files) {
  const made = new Map(declared(program));
  for (const { target, node } of imports) {
    if (!files.has(target) || node.type !== 'ImportDeclaration') continue;
    const theirs = new Map(declared(files.get(target).program));
    for (const { imported, local } of node.specifiers)
      if (theirs.has(imported?.name)) made.set(local.name, theirs.get(imported.name));
  }
  return made;
}

const declared = (program) =>
  program.body.flatMap((node) => (node.declaration ?? node).declarations ?? []).map(({ id, init }) => [id.name, init]);

/** `name: action(who, schema, …)` and `name: operation({ …, input: schema })`, also as a constant. */
function* bound(node, name) {
  const own = node.type === 'Property' ? node.key.name : node.type === 'VariableDeclarator' ? node.id.name : name;
  const maker = node.type === 'CallExpression' ? node.callee.name : undefined;
  if (maker === 'action') yield [own, node.arguments[1]];
  if (maker === 'operation' || maker === 'errand') yield [own, inputOf(node.arguments[0])];
  else for (const { node: child } of children(node)) yield* bound(child, own);
}

/** The value of `input`, however deep the entry spreads it. */
function inputOf(node) {
  if (node?.type === 'Property' && node.key.name === 'input') return node.value;
  if (!node || node.type.includes('Function')) return undefined;
  for (const { node: child } of children(node)) {
    const found = inputOf(child);
    if (found) return found;
  }
  return undefined;
}

/** The field names of a schema, through constants and what is chained to it. */
function fieldsOf(node, made) {
  if (node?.type === 'Identifier') {
    const others = new Map([...made].filter(([name]) => name !== node.name));
    return made.has(node.name) ? fieldsOf(made.get(node.name), others) : [];
  }
  if (node?.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return [];
  const { object, property } = node.callee;
  const here = OBJECTS.has(property.name) || property.name === 'extend' ? keysOf(node.arguments[0]) : [];
  return [...(object.name === 'z' ? [] : fieldsOf(object, made)), ...here];
}

const keysOf = (node) => (node?.properties ?? []).flatMap(({ key }) => (key?.name ? [key.name] : []));

function secondsIn({ file, program, lineAt }, known) {
  const found = [];
  const visit = (node) => {
    const fields = ownFields(node);
    const act = fields.length > 1 ? known.find((one) => fields.every((field) => one.fields.includes(field))) : undefined;
    if (act)
      found.push({
        file,
        line: lineAt(node.start),
        rule: 'one-schema',
        problem: `a schema of ${fields.join(', ')} describes ${act.name} a second time`,
        fix: `take it from CATALOGUE.${act.name}.input, with omit or extend where the door names a part itself`,
      });
    for (const { node: child } of children(node)) visit(child);
  };
  visit(program);
  return found;
}

/** The fields of an object schema that are described here; those taken from elsewhere by name are not. */
function ownFields(node) {
  const isSchema = node.type === 'CallExpression' && node.callee.object?.name === 'z' && OBJECTS.has(node.callee.property?.name);
  const properties = isSchema ? (node.arguments[0]?.properties ?? []) : [];
  return properties.every(({ value }) => value?.type === 'CallExpression') ? properties.map(({ key }) => key.name) : [];
}
