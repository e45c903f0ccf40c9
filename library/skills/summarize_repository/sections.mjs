const LANGUAGES = {
  ts: 'TypeScript', tsx: 'TypeScript', mts: 'TypeScript', cts: 'TypeScript', js: 'JavaScript', jsx: 'JavaScript', mjs: 'JavaScript',
  cjs: 'JavaScript', py: 'Python', rs: 'Rust', go: 'Go', java: 'Java', kt: 'Kotlin', rb: 'Ruby', c: 'C', h: 'C', cc: 'C++', cpp: 'C++',
  hpp: 'C++', cs: 'C#', swift: 'Swift', php: 'PHP', sh: 'Shell', bash: 'Shell', md: 'Markdown', json: 'JSON', jsonl: 'JSON',
  yaml: 'YAML', yml: 'YAML', toml: 'TOML', css: 'CSS', scss: 'CSS', html: 'HTML', sql: 'SQL', txt: 'Text', svg: 'SVG',
};
const ENTRY = /(?:^|\/)(?:main|index|server|cli|app|__main__|manage)\.(?:[cm]?[jt]sx?|py|go|rs)$/;

export async function languages(files, listed) {
  const rows = new Map();
  for (const { path, bytes } of listed) {
    const language = LANGUAGES[/\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''] ?? 'Other';
    const row = rows.get(language) ?? { language, files: 0, lines: 0, bytes: 0 };
    const text = await files.read(path);
    row.files += 1;
    row.bytes += bytes;
    row.lines += text ? text.split('\n').length - (text.endsWith('\n') ? 1 : 0) : 0;
    rows.set(language, row);
  }
  return [...rows.values()].sort((a, b) => b.lines - a.lines || (a.language < b.language ? -1 : 1));
}

/** Folders two levels deep with the number of files below each, then the files of the root. */
export function tree(listed) {
  const counts = new Map();
  for (const { path } of listed) {
    const parts = path.split('/').slice(0, -1);
    for (let depth = 1; depth <= Math.min(2, parts.length); depth += 1) {
      const folder = parts.slice(0, depth).join('/');
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
  }
  const folders = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, 120);
  const lines = folders.map(([folder, count]) => `${folder.includes('/') ? '  ' : ''}${folder.split('/').at(-1)}/ (${count})`);
  const rootFiles = listed.filter(({ path }) => !path.includes('/')).map(({ path }) => path);
  return ['```text', ...lines, ...rootFiles.slice(0, 60), '```'].join('\n');
}

/** What the packages declare, and files that are named like a way in. */
export function entryPoints(listed, packages) {
  const declared = packages.flatMap(({ name, manifest }) => {
    const bin = typeof manifest.bin === 'string' ? { [name]: manifest.bin } : (manifest.bin ?? {});
    const main = typeof manifest.main === 'string' ? [`${name}: main \`${manifest.main}\``] : [];
    const scripts = ['start', 'dev', 'test', 'build'].filter((key) => typeof manifest.scripts?.[key] === 'string');
    return [
      ...main,
      ...Object.entries(bin).map(([command, path]) => `${name}: command ${command}, \`${path}\``),
      ...scripts.map((key) => `${name}: script ${key}, \`${manifest.scripts[key]}\``),
    ];
  });
  const named = listed.filter(({ path }) => ENTRY.test(path) && !/(?:^|\/)(?:tests?|fixtures|examples)\//.test(path));
  const shallow = named.sort((a, b) => depth(a) - depth(b) || (a.path < b.path ? -1 : 1)).slice(0, 30);
  return [...declared, ...shallow.map(({ path }) => `\`${path}\``)].map((line) => `- ${line}`).join('\n');
}

const depth = ({ path }) => path.split('/').length;

export function largest(listed) {
  const rows = [...listed].sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1)).slice(0, 10);
  return rows.length === 0 ? '' : table(['file', 'bytes'], rows.map(({ path, bytes }) => [`\`${path}\``, bytes]));
}

/** Headings of the README nearest to the root. */
export async function outline(files, listed) {
  const readme = listed.filter(({ path }) => /(?:^|\/)readme\.md$/i.test(path)).sort((a, b) => depth(a) - depth(b))[0];
  const text = readme ? await files.read(readme.path) : undefined;
  if (!readme || text === undefined) return '';
  let inCode = false;
  const headings = text.split('\n').filter((line) => {
    if (/^\s{0,3}(?:```|~~~)/.test(line)) inCode = !inCode;
    return !inCode && /^#{1,6}\s/.test(line);
  });
  const lines = headings.slice(0, 80).map((line) => `${'  '.repeat(line.indexOf(' ') - 1)}- ${plain(line)}`);
  return [`From \`${readme.path}\`:`, '', ...lines].join('\n');
}

/** A heading's text; its links are relative to another folder. */
const plain = (heading) => heading.replace(/^#+\s+/, '').replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1');

export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
