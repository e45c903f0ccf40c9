import { Worker } from 'node:worker_threads';
import { type Refused, refuse } from '@vivarium/core';

export interface Search {
  readonly query: string;
  readonly regex: boolean;
  /** Lines shown before and after a hit. */
  readonly context: number;
  readonly max: number;
  readonly texts: readonly (readonly [path: string, text: string])[];
}

export type Lines =
  | { readonly ok: true; readonly lines: readonly string[]; readonly hits: number; readonly truncated: boolean }
  | Refused;

/** An expression can take for ever on a short text; a plain text cannot. */
const REGEX_MS = 1_000;

/** `path:line: text` of every line that holds the query; small letters find capitals too. With context as grep shows it. */
export async function linesWith(search: Search): Promise<Lines> {
  const { query, regex, texts } = search;
  if (!regex) {
    const folds = query === query.toLowerCase();
    const holds = (line: string) => (folds ? line.toLowerCase() : line).includes(query);
    return shown(
      search,
      texts.map(([, text]) => lineNumbers(text, holds)),
    );
  }
  const problem = regexProblem(query);
  if (problem !== undefined)
    return refuse('invalid_arguments', `query: is not a regular expression (${problem}); mend it, or leave regex out`);
  const found = await matchedApart(
    query,
    texts.map(([, text]) => text),
  );
  if (!found)
    return refuse('invalid_arguments', `query: the expression took longer than ${REGEX_MS / 1_000} s; ask for a plain text`);
  return shown(search, found);
}

function lineNumbers(text: string, holds: (line: string) => boolean): number[] {
  return text.split('\n').flatMap((line, at) => (holds(line) ? [at] : []));
}

function shown({ texts, context, max }: Search, found: readonly (readonly number[])[]): Lines {
  const lines: string[] = [];
  let hits = 0;
  const all = found.reduce((sum, one) => sum + one.length, 0);
  for (const [index, [path, text]] of texts.entries()) {
    const here = (found[index] ?? []).slice(0, max - hits);
    if (here.length === 0) continue;
    hits += here.length;
    const wanted = new Set(here.flatMap((at) => Array.from({ length: 2 * context + 1 }, (_, shift) => at - context + shift)));
    const hit = new Set(here);
    for (const [at, line] of text.split(/\r?\n/).entries())
      if (wanted.has(at)) lines.push(`${path}:${at + 1}${hit.has(at) ? ':' : '-'} ${line}`);
  }
  return { ok: true, lines, hits, truncated: all > hits };
}

function regexProblem(query: string): string | undefined {
  try {
    new RegExp(query, 'u');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error);
  }
}

const APART = `
const { parentPort, workerData } = require('node:worker_threads');
const wanted = new RegExp(workerData.query, 'u');
const hits = (text) => text.split(/\\r?\\n/).flatMap((line, at) => (wanted.test(line) ? [at] : []));
parentPort.postMessage(workerData.texts.map(hits));
`;

/** Lines that match, by text, found in a thread of its own that can be ended; undefined when it took too long. */
function matchedApart(query: string, texts: readonly string[]): Promise<number[][] | undefined> {
  const worker = new Worker(APART, { eval: true, workerData: { query, texts }, env: {} });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(() => resolve(undefined)), REGEX_MS);
    const end = (answer: () => void) => {
      clearTimeout(timer);
      void worker.terminate().then(answer);
    };
    worker.once('message', (found: number[][]) => end(() => resolve(found)));
    worker.once('error', (error) => end(() => reject(error)));
  });
}
