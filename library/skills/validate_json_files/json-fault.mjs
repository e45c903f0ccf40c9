const TOKEN = /[{}[\]:,]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)\b/y;
const BLANK = /[ \t\r\n]*/y;

/** Where a text stops being JSON: `{ line, column, message }`, or undefined when it is JSON. Lines and columns begin at 1. */
export function jsonFault(source) {
  const text = source.replace(/^\ufeff/, '');
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    const { at, message } = scan(text);
    const before = text.slice(0, at).split('\n');
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message };
  }
}

/** Read token by token; `wants` says what may come, `open` which brackets are still to be closed. */
function scan(text) {
  const open = [];
  let wants = 'value';
  for (let at = skip(text, 0); at < text.length; at = skip(text, at)) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) return { at, message: `${shown(text, at)} is not JSON` };
    const next = step(token, wants, open);
    if (next === undefined) return { at, message: `${shown(text, at)} where ${NAMES[wants]} belongs` };
    wants = next;
    at += token.length;
  }
  return { at: text.length, message: open.length > 0 ? `it ends before "${open.at(-1) === '{' ? '}' : ']'}"` : `it ends where ${NAMES[wants]} belongs` };
}

const NAMES = {
  value: 'a value',
  'value or ]': 'a value or "]"',
  key: 'a name in quotes',
  'key or }': 'a name in quotes or "}"',
  colon: 'a colon',
  'comma or end': 'a comma or the closing bracket',
  nothing: 'nothing more',
};

/** What may follow a token, or undefined when it may not stand here. Changes `open`. */
function step(token, wants, open) {
  if (token === '}' || token === ']') {
    const begun = token === '}' ? '{' : '[';
    const may = wants === 'comma or end' || wants === (token === '}' ? 'key or }' : 'value or ]');
    if (!may || open.pop() !== begun) return undefined;
    return open.length === 0 ? 'nothing' : 'comma or end';
  }
  if (token === ',') return wants === 'comma or end' ? (open.at(-1) === '{' ? 'key' : 'value') : undefined;
  if (token === ':') return wants === 'colon' ? 'value' : undefined;
  if (wants === 'key' || wants === 'key or }') return token.startsWith('"') ? 'colon' : undefined;
  if (wants !== 'value' && wants !== 'value or ]') return undefined;
  if (token === '{' || token === '[') {
    open.push(token);
    return token === '{' ? 'key or }' : 'value or ]';
  }
  return open.length === 0 ? 'nothing' : 'comma or end';
}

function skip(text, at) {
  BLANK.lastIndex = at;
  return at + (BLANK.exec(text)?.[0].length ?? 0);
}

const shown = (text, at) => JSON.stringify(text.slice(at, at + 1));
