import { describePackages, readPackages } from './packages.mjs';
import { entryPoints, languages, largest, outline, table, tree } from './sections.mjs';

const DOCUMENT = 'library/community_library/swarm_docs/repository-summary.md';

/** One Markdown document about the workspace, made from its files alone. */
export default async function summarizeRepository({ files }) {
  const listed = (await files.list()).filter(({ path }) => path !== DOCUMENT);
  const packages = await readPackages(files, listed);
  const spoken = await languages(files, listed);
  const headings = await outline(files, listed);
  const bytes = listed.reduce((sum, file) => sum + file.bytes, 0);
  const lines = spoken.reduce((sum, row) => sum + row.lines, 0);
  const named = packages.find((entry) => entry.folder === '')?.name ?? 'this repository';
  const short = `${named}: ${listed.length} files, ${lines} lines, ${bytes} bytes, ${packages.length} packages.`;
  const sections = [
    ['Languages', table(['language', 'files', 'lines', 'bytes'], spoken.map((row) => [row.language, row.files, row.lines, row.bytes]))],
    ['Tree', tree(listed)],
    ['Packages', describePackages(packages)],
    ['Entry points', entryPoints(listed, packages)],
    ['Largest files', largest(listed)],
    ['README headings', headings],
  ];
  const body = sections.filter(([, text]) => text !== '').map(([title, text]) => `## ${title}\n\n${text}\n`);
  const content = [`# Repository summary\n`, `${short}\n`, ...body].join('\n');
  const main = spoken.slice(0, 3).map(({ language }) => language).join(', ');
  return { text: `${short} Mostly ${main || 'nothing'}. The whole summary is in ${DOCUMENT}.`, files: [{ path: DOCUMENT, content }] };
}
