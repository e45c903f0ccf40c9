const MARK = /(?:^|[\s/#*<!;-])(TODO|FIXME|HACK|XXX)(?=[:(\s]|$)(.*)/;
const COMMENT = /\/\/|\/\*|^\s*\*|#|<!--|--|;|^\s*[-*+] |^\s*(?:TODO|FIXME|HACK|XXX)\b/;
const MAX_LISTED = 500;

/** Every open mark, file by file. */
export default async function findTodos({ files }) {
  const found = [];
  for (const { path } of await files.list()) {
    const text = await files.read(path);
    if (text === undefined) continue;
    for (const [index, line] of text.split('\n').entries()) {
      const match = MARK.exec(line);
      if (match && COMMENT.test(line)) found.push({ path, line: index + 1, kind: match[1], text: tidy(match[2]) });
    }
  }
  return report(found);
}

const tidy = (text) => text.replace(/^[:\s]+/, '').replace(/\s*(?:\*\/|-->)\s*$/, '').trim().slice(0, 200);

function report(found) {
  if (found.length === 0) return 'No TODO, FIXME, HACK or XXX was found.';
  const counts = ['TODO', 'FIXME', 'HACK', 'XXX'].map((kind) => [kind, found.filter((entry) => entry.kind === kind).length]);
  const summary = counts.filter(([, number]) => number > 0).map(([kind, number]) => `${number} ${kind}`).join(', ');
  const lines = found.slice(0, MAX_LISTED).map(({ path, line, kind, text }) => `- ${path}:${line} ${kind}${text ? `: ${text}` : ''}`);
  const more = found.length > MAX_LISTED ? [`- and ${found.length - MAX_LISTED} more`] : [];
  const inFiles = new Set(found.map(({ path }) => path)).size;
  return [`${found.length} marks in ${inFiles} files: ${summary}.`, '', ...lines, ...more].join('\n');
}
