import { jsonFault } from './json-fault.mjs';

const WITH_COMMENTS = /(?:^|\/)(?:tsconfig[^/]*\.json|[^/]+\.jsonc|devcontainer\.json|\.vscode\/[^/]+\.json)$/;

/** Which JSON files parse, and where the others go wrong. */
export default async function validateJsonFiles({ files }) {
  const faults = [];
  const skipped = [];
  let checked = 0;
  for (const { path } of (await files.list()).filter((file) => /\.(?:json|jsonc|jsonl|ndjson)$/i.test(file.path))) {
    const text = await files.read(path);
    if (text === undefined) skipped.push(path);
    else {
      checked += 1;
      faults.push(...faultsOf(path, text));
    }
  }
  const head = `${checked} JSON files were checked; ${faults.length === 0 ? 'all of them parse' : `${faults.length} faults were found`}.`;
  const unread = skipped.length === 0 ? [] : ['', `Not read (binary, too large or kept from skills): ${skipped.join(', ')}`];
  return [head, ...(faults.length === 0 ? [] : ['', ...faults]), ...unread].join('\n');
}

function faultsOf(path, text) {
  if (!/\.(?:jsonl|ndjson)$/i.test(path)) {
    const fault = jsonFault(WITH_COMMENTS.test(path) ? withoutComments(text) : text);
    return fault ? [`- ${path}:${fault.line}:${fault.column} ${fault.message}`] : [];
  }
  return text.split('\n').flatMap((line, index) => {
    const fault = line.trim() === '' ? undefined : jsonFault(line);
    return fault ? [`- ${path}:${index + 1}:${fault.column} ${fault.message}`] : [];
  });
}

/** The text with comments and trailing commas as blanks, so that positions stay. */
function withoutComments(text) {
  const blank = (part) => part.replace(/[^\n]/g, ' ');
  const bare = text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) => (part.startsWith('"') ? part : blank(part)));
  return bare.replace(/"(?:[^"\\\n]|\\.)*"|,(?=\s*[}\]])/g, (part) => (part === ',' ? ' ' : part));
}
