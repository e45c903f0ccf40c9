/** Lines by language, as a Markdown table. */
export default async function countLines({ files }) {
  const rows = new Map();
  for (const { path, bytes } of await files.list()) {
    const text = await files.read(path);
    const row = rowFor(rows, text === undefined ? 'other (binary or unreadable)' : languageOf(path));
    row.files += 1;
    row.bytes += bytes;
    if (text !== undefined) count(row, text);
  }
  const sorted = [...rows.values()].sort((a, b) => b.lines - a.lines || (a.language < b.language ? -1 : 1));
  const total = sorted.reduce(add, { language: '**all**', files: 0, lines: 0, blank: 0, bytes: 0 });
  const head = '| language | files | lines | blank | bytes |\n| --- | ---: | ---: | ---: | ---: |';
  return [`${total.lines} lines in ${total.files} files.`, '', head, ...[...sorted, total].map(line)].join('\n');
}

function rowFor(rows, language) {
  const row = rows.get(language) ?? { language, files: 0, lines: 0, blank: 0, bytes: 0 };
  rows.set(language, row);
  return row;
}

function count(row, text) {
  if (text === '') return;
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  row.lines += lines.length;
  row.blank += lines.filter((entry) => entry.trim() === '').length;
}

const add = (sum, row) => ({
  language: sum.language,
  files: sum.files + row.files,
  lines: sum.lines + row.lines,
  blank: sum.blank + row.blank,
  bytes: sum.bytes + row.bytes,
});

const line = ({ language, files, lines, blank, bytes }) => `| ${language} | ${files} | ${lines} | ${blank} | ${bytes} |`;

function languageOf(path) {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : name.startsWith('.') ? 'dotfiles' : 'no extension';
}
