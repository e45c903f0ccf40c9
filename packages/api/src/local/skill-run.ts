import { randomUUID } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, joinOutput, runCommand } from '@vivarium/sandbox';
import { z } from 'zod';
import { documentFault, writeDocuments } from './documents.ts';
import { isInside, type Place } from './operands.ts';
import { entriesWithoutRecords, locate, maskedPaths } from './place.ts';
import type { Machine } from './runner.ts';
import { findHidden } from './scan.ts';
import type { Refusal, SkillInfo, SkillRequest, SkillResult } from './types.ts';

/** Runs as it is, in a process of its own. */
const hostIn = (installation: string): string => join(installation, 'packages', 'api', 'src', 'local', 'skill-host.mjs');
/** What a skill may print, its answer and its documents together. */
const MAX_ANSWER_BYTES = 8_000_000;
const MAX_MASKS = 1_000;
/** Each entry of the workspace's own folder is shown by itself. */
const MAX_ENTRIES = 5_000;

const Answer = z.union([
  z.string().transform((text) => ({ text, files: [] })),
  z.object({
    text: z.string(),
    files: z.array(z.object({ path: z.string(), content: z.string() })).default([]),
  }),
]);

/**
 * Run one executable skill: its module in a process of its own, in the sandbox, reading the workspace. It writes nothing;
 * the documents in its answer are judged and written here.
 */
export async function runSkill(machine: Machine, request: SkillRequest): Promise<SkillResult> {
  const skill = machine.skills.find(request.name, request.paths);
  if (!skill)
    return refuseSkill(
      'skill.unknown',
      `there is no skill "${request.name}" that reads`,
      'List the skills, and the files that do not read, with: pnpm worker skill list',
    );
  if (skill.entry === undefined)
    return refuseSkill('skill.not_executable', `the skill ${skill.name} has no code of its own`, 'Name an executable skill');
  if (!skill.shipped && machine.tools.bwrap === undefined) {
    return refuseSkill(
      'skill.sandbox_missing',
      `the skill ${skill.name} runs only in a sandbox, and there is none`,
      'Install bubblewrap (see doctor)',
    );
  }
  const place = locate(request.paths, machine.denied);
  const mark = `${randomUUID()} `;
  const ended = await start(machine, skill, skill.entry, place, mark, request);
  if ('kind' in ended) return ended;
  return finish(machine, skill, ended, mark, request);
}

const refuseSkill = (rule: string, reason: string, fix: string): Refusal => ({
  kind: 'refused',
  rule,
  reason: `Skill refused: ${reason}`,
  fix,
});

async function start(
  machine: Machine,
  skill: SkillInfo,
  entry: string,
  place: Place,
  mark: string,
  request: SkillRequest,
): Promise<Ended | Refusal> {
  const { tools, policy } = machine;
  const hidden = await findHidden(place.root, place.denied);
  // A skill that could look up what a task was answered would pass every trial on it.
  const entries = skill.shipped ? undefined : await entriesWithoutRecords(place);
  const tooMany = !hidden.complete || hidden.paths.length > MAX_MASKS || (entries?.length ?? 0) > MAX_ENTRIES;
  if (tools.bwrap !== undefined && tooMany) {
    return refuseSkill(
      'skill.too_many_files',
      'the workspace is too large to keep its secrets out of a skill',
      'Move what is not needed out of the workspace',
    );
  }
  const node = realpathSync(process.execPath);
  const host = hostIn(machine.installation);
  const shown = [node, host, skill.folder].filter((path) => !isInside(place.root, path) && !isInside('/usr', path));
  const limits = { ...policy.limits, memory_bytes: Math.max(policy.limits.memory_bytes, 2_147_483_648) };
  const cpuSeconds = Math.ceil(request.timeoutMs / 1_000) * 2 + 1;
  const masked = await maskedPaths(place, hidden);
  const guard = tools.bwrap === undefined ? permissionArgs([place.root, host, skill.folder]) : [];
  const argv = [node, '--max-old-space-size=512', '--no-warnings', ...guard, host];
  return runCommand({
    ...{ tools, workspace: place.root, limits, cpuSeconds, masked, shown, entries, argv },
    timeoutMs: request.timeoutMs,
    outputBytes: MAX_ANSWER_BYTES,
    stdin: JSON.stringify({ entry, mark, prompt: request.prompt, input: request.input ?? null, workspace: place.root }),
    signal: request.signal,
  });
}

/** Node's own guard, for shipped code on a machine without a sandbox: reading these folders, writing and starting nothing. */
function permissionArgs(readable: readonly string[]): string[] {
  const flag = ['--permission', '--experimental-permission'].find((name) => process.allowedNodeEnvironmentFlags.has(name));
  return flag === undefined ? [] : [flag, ...readable.map((path) => `--allow-fs-read=${path}`)];
}

async function finish(
  { policy }: Machine,
  skill: SkillInfo,
  ended: Ended,
  mark: string,
  request: SkillRequest,
): Promise<SkillResult> {
  const { stdout, stderr, report: _, ...rest } = ended;
  const base = { kind: 'ran', ...rest, name: skill.name, version: skill.version } as const;
  const limit = policy.limits.output_bytes;
  const failed = (reason: string): SkillResult => {
    const text = [reason, stderr.text.trim()].filter(Boolean).join('\n');
    return {
      ...base,
      exit_code: rest.exit_code || 1,
      files: [],
      ...joinOutput({ stdout: textOf(''), stderr: textOf(text) }, limit),
    };
  };
  if (ended.timed_out) return failed(`the skill ${skill.name} did not end within ${request.timeoutMs} ms`);
  if (ended.aborted) return failed(`the skill ${skill.name} was stopped`);
  const answer = answerIn(stdout.text, mark);
  if (ended.exit_code !== 0) return failed(`the skill ${skill.name} ended with exit code ${ended.exit_code}`);
  if (!answer.success) return failed(`the skill ${skill.name} gave no answer: return a string, or {text, files}`);
  const refusal = documentFault(answer.data.files);
  if (refusal) return refusal;
  const files = await writeDocuments(request.paths, answer.data.files);
  if ('kind' in files) return files;
  return { ...base, files, ...joinOutput({ stdout: textOf(answer.data.text), stderr: textOf('') }, limit) };
}

const textOf = (text: string) => ({ text, bytes: Buffer.byteLength(text) });

function answerIn(stdout: string, mark: string) {
  const at = stdout.lastIndexOf(`\n${mark}`);
  const line = at < 0 ? '' : stdout.slice(at + 1 + mark.length).split('\n')[0];
  try {
    return Answer.safeParse(JSON.parse(line ?? ''));
  } catch {
    return Answer.safeParse(undefined);
  }
}
