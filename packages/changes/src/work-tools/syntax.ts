import { placeAt, readJson } from '@vivarium/core';

export interface SyntaxFault {
  readonly line: number;
  readonly message: string;
}

const MOST = 5;
const PARSED = /\.(?:[cm]?[jt]s|[jt]sx)$/;

/** What a parser says is wrong in JSON, JavaScript or TypeScript; nothing for other files, or where no parser is at hand. */
export async function syntaxFaults(path: string, text: string): Promise<readonly SyntaxFault[]> {
  if (path.endsWith('.json')) return jsonFaults(text);
  if (!PARSED.test(path)) return [];
  const parser = await import('oxc-parser').catch(() => undefined);
  if (!parser) return [];
  const { errors } = await parser.parse(path, text);
  return errors.slice(0, MOST).map(({ message, labels }) => {
    const at = Buffer.from(text)
      .subarray(0, labels[0]?.start ?? 0)
      .toString('utf8').length;
    return { line: placeAt(text, at).line, message };
  });
}

function jsonFaults(text: string): SyntaxFault[] {
  const read = readJson(text.replace(/^\uFEFF/, ''));
  return read.ok ? [] : [{ line: read.line, message: read.message }];
}
