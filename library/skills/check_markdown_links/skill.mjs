const INLINE = /!?\[(?:[^\]\\]|\\.)*\]\(\s*(?:<([^>\n]*)>|((?:[^\s()\\]|\\.|\([^\s()]*\))*))(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/g;
const DEFINITION = /^\s{0,3}\[[^\]^][^\]]*\]:\s*<?([^\s>]+)>?/;

/** Broken relative links and anchors, and the external links that nobody fetched. */
export default async function checkMarkdownLinks({ files }) {
  const all = new Set((await files.listAll()).map(({ path }) => path));
  const folders = foldersOf(all);
  const anchors = new Map();
  const anchorsOf = async (path) => {
    if (!anchors.has(path)) anchors.set(path, headingAnchors((await files.read(path)) ?? ''));
    return anchors.get(path);
  };
  const result = { documents: 0, checked: 0, broken: [], external: new Set() };
  for (const { path } of (await files.list()).filter((file) => /\.(?:md|markdown)$/i.test(file.path))) {
    result.documents += 1;
    for (const link of linksOf((await files.read(path)) ?? '')) await check(path, link, { all, folders, anchorsOf }, result);
  }
  return report(result);
}

async function check(from, { target, line }, { all, folders, anchorsOf }, result) {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(target)) {
    result.external.add(target);
    return;
  }
  result.checked += 1;
  const [rawPath = '', anchor = ''] = target.split(/#(.*)/s);
  const path = rawPath === '' ? from : resolve(from, decode(rawPath.split('?')[0]));
  const fault = (why) => result.broken.push(`${from}:${line} ${target} (${why})`);
  if (path === undefined) fault('leads out of the workspace');
  else if (!all.has(path)) {
    if (!folders.has(path)) fault('no such file');
  } else if (anchor !== '' && /\.(?:md|markdown)$/i.test(path) && !(await anchorsOf(path)).has(decode(anchor).toLowerCase())) {
    fault('no such heading');
  }
}

/** Links with their line numbers, without those in code. */
function linksOf(text) {
  const links = [];
  for (const [index, line] of withoutFences(text).entries()) {
    const plain = line.replace(/(`+)(?:(?!\1).)+\1/g, (code) => ' '.repeat(code.length));
    for (const match of plain.matchAll(INLINE)) links.push({ target: match[1] ?? match[2] ?? '', line: index + 1 });
    const definition = DEFINITION.exec(plain);
    if (definition) links.push({ target: definition[1], line: index + 1 });
  }
  return links.filter(({ target }) => target !== '');
}

/** The lines of a document; those inside fenced code are empty. */
function withoutFences(text) {
  let fence = '';
  return text.split('\n').map((line) => {
    const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== '') {
      if (mark?.startsWith(fence)) fence = '';
      return '';
    }
    if (mark) fence = mark;
    return mark ? '' : line;
  });
}

function headingAnchors(text) {
  const anchors = new Set();
  for (const line of withoutFences(text)) {
    const heading = /^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$/.exec(line)?.[1];
    if (heading !== undefined) addAnchor(anchors, slug(heading));
    for (const match of line.matchAll(/<a\s[^>]*(?:id|name)="([^"]+)"/gi)) anchors.add(match[1].toLowerCase());
  }
  return anchors;
}

function addAnchor(anchors, base) {
  let name = base;
  for (let n = 1; anchors.has(name); n += 1) name = `${base}-${n}`;
  anchors.add(name);
}

const slug = (heading) =>
  heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
    .replace(/\s/g, '-');

/** A path from the workspace, or undefined when it leads out. */
function resolve(from, path) {
  const parts = path.startsWith('/') ? [] : from.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..' && parts.length === 0) return undefined;
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function foldersOf(paths) {
  const folders = new Set(['']);
  for (const path of paths) for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) folders.add(path.slice(0, at));
  return folders;
}

function report({ documents, checked, broken, external }) {
  const verdict = broken.length === 0 ? 'All relative links lead somewhere.' : `${broken.length} are broken:`;
  const head = `${checked} relative links in ${documents} Markdown files were checked. ${verdict}`;
  const outside = [...external].sort();
  const listed = outside.length === 0 ? [] : ['', `${outside.length} external links, not fetched:`, '', ...outside.map((url) => `- ${url}`)];
  return [head, ...(broken.length === 0 ? [] : ['', ...broken.map((entry) => `- ${entry}`)]), ...listed].join('\n');
}
