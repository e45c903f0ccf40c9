import { existsSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type BadLine, ChangeLine, TaskEvent, type WorkspacePaths } from '@vivarium/core';
import { badLinesOf } from '@vivarium/storage-files';
import type { Finding } from './finding.ts';

/** Every line of every log that is not a whole record, by file and line. */
export async function checkLogs(paths: WorkspacePaths): Promise<readonly Finding[]> {
  const talk = await Promise.all(['discussions', 'journals'].map((folder) => logsIn(join(paths.swarm, folder))));
  const cycles = ['executions', 'steps', 'effects', 'documents', 'messages_to_human'].map((name) =>
    join(paths.swarm, `${name}.jsonl`),
  );
  const ledgers = [paths.budgetLedger, paths.tokenLedger, paths.skillsLog, paths.gatesLog];
  const shared = [paths.executionLog, paths.changesLog, ...ledgers, ...cycles, ...talk.flat()];
  const plain = [paths.actionLog, paths.safetyAudit, paths.apiAudit, join(paths.swarm, 'audit', 'actions.jsonl')];
  const records = new Map<string, (value: unknown) => object>([
    [paths.executionLog, (value) => TaskEvent.parse(value)],
    [paths.changesLog, (value) => ChangeLine.parse(value)],
  ]);
  const findings: Finding[] = [];
  for (const file of shared) {
    if (existsSync(file)) findings.push(...(await checkShared(paths, file, records.get(file) ?? anyRecord)));
  }
  for (const file of plain) if (existsSync(file)) findings.push(...(await checkPlain(paths, file)));
  return findings.length > 0 ? findings : [{ level: 'ok', check: 'logs', message: 'every line of every log is whole' }];
}

async function logsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /^[\w-]+\.jsonl$/.test(name)).map((name) => join(folder, name));
}

async function checkShared(paths: WorkspacePaths, file: string, parse: (value: unknown) => object): Promise<Finding[]> {
  const bad = await badLinesOf(file, parse);
  return Promise.all(bad.map((line) => finding(paths, line)));
}

const WORDS: Readonly<Record<BadLine['reason'], string>> = {
  torn: 'is torn: its writer was stopped in the middle; it does not count',
  foreign: 'was not written by Vivarium; it does not count',
  checksum: 'was changed after it was written; it does not count',
  invalid: 'is not a record of this log; it does not count',
};

async function finding(paths: WorkspacePaths, bad: BadLine): Promise<Finding> {
  const file = relative(paths.root, bad.file) || bad.file;
  const line = await lineNumber(bad.file, bad.line_start);
  return {
    level: bad.reason === 'torn' ? 'warning' : 'error',
    check: 'logs',
    message: `${file} line ${line} ${WORDS[bad.reason]}`,
    file,
    line,
    fix:
      bad.reason === 'torn'
        ? 'Nothing to do; the writer says it again'
        : 'Find out who writes there; change the world with commands instead',
  };
}

/** Plain logs: one JSON object a line, the last one may be on its way. */
async function checkPlain(paths: WorkspacePaths, path: string): Promise<Finding[]> {
  const file = relative(paths.root, path);
  const findings: Finding[] = [];
  const handle = await open(path);
  let line = 0;
  for await (const text of handle.readLines({ encoding: 'utf8' })) {
    line += 1;
    if (text.trim() === '' || isObject(text)) continue;
    const fix = 'Nothing is lost but this line; remove it if it disturbs';
    findings.push({ level: 'warning', check: 'logs', message: `${file} line ${line} is torn or foreign`, file, line, fix });
  }
  return findings;
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

function anyRecord(value: unknown): object {
  if (typeof value === 'object' && value !== null) return value;
  throw new TypeError('not a record');
}

async function lineNumber(file: string, offset: number): Promise<number> {
  const handle = await open(file);
  try {
    let line = 1;
    for await (const chunk of handle.createReadStream({ end: Math.max(0, offset - 1), autoClose: false })) {
      if (offset > 0 && Buffer.isBuffer(chunk)) for (const byte of chunk) if (byte === 10) line += 1;
    }
    return line;
  } finally {
    await handle.close();
  }
}
